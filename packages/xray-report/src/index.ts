/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-report
 */
export { createReport } from './create-report.js';
export type {
  JsonValue,
  ReportAudit,
  ReportData,
  ReportDataset,
  ReportEpoch,
  ReportEvaluation,
  ReportLayer,
  ReportMistake,
  ReportModel,
  ReportNote,
  ReportRoc,
  ReportSample,
  ReportSplit,
  ReportTraining,
} from './report-data.js';
export { auditedImagesShown } from './sections/audited-images.js';
