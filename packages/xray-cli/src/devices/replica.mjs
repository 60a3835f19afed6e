/** Where the threads of a program start: they do not inherit its TypeScript loader. */
import { register } from 'tsx/esm/api';

register();
await import('./replica.ts');
