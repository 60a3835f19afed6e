import { checkWord } from './check-options.js';
import { composeAugmentations, type StageDraw } from './compose-augmentations.js';
import type { ImageAugmentation } from './create-augmentation.js';
import { gaussianBlur } from './filters/gaussian-blur.js';
import { gaussianNoise } from './filters/gaussian-noise.js';
import { randomSharpening } from './filters/random-sharpening.js';
import { randomAffine } from './geometry/random-affine.js';
import { horizontalFlip } from './horizontal-flip.js';
import { randomBrightness } from './intensity/random-brightness.js';
import { randomContrast } from './intensity/random-contrast.js';
import { randomGamma } from './intensity/random-gamma.js';
import { rescaleIntensity } from './intensity/rescale-intensity.js';
import { randomErasing } from './random-erasing.js';

/** The reference study's augmentation: half of the images mirrored, nothing else. */
export const referenceStudy = () => horizontalFlip({ probability: 0.5 });

/**
 * Mild, for frontal chest X-rays: rotation by up to 10 degrees, shifts by up to 10 %, zoom by 0.85 to 1.15, black
 * outside, brightness by up to 10 %. No flip: it would put the heart on the right.
 *
 * The numbers are those of COVID-Net's training, but for four things: it also flips; it draws the zoom of each axis by
 * itself; it stretches three of ten images by up to 10 % beforehand; and its brightness is a factor of 0.9 to 1.1, here it is
 * an amount of up to 0.1.
 *
 * @see Wang, Lin & Wong, COVID-Net, 2020, doi:10.1038/s41598-020-76550-z, and its source, `_augmentation_transform` in
 *   https://github.com/lindawangg/COVID-Net/blob/master/data.py: rotation_range=10, width_shift_range=0.1,
 *   height_shift_range=0.1, brightness_range=(0.9, 1.1), zoom_range=(0.85, 1.15), fill_mode='constant', cval=0
 */
export const chestXray = (): ImageAugmentation<readonly StageDraw[]> =>
  composeAugmentations([
    randomAffine({ rotation: 10, translation: 0.1, zoom: [0.85, 1.15] }),
    randomBrightness({ change: 0.1 }),
  ]);

/**
 * Strong, for long training on few images: rotation by up to 45 degrees, shifts by up to 15 %, zoom by 0.85 to 1.15,
 * contrast by 0.6 to 1.4 on four of five images, brightness by up to 20 %, a blur of 0.1 to 2 pixels on half of the
 * images, and a rectangle of 2 to 40 % erased on half of them. No flip.
 *
 * - Rotation, shifts and zoom: those that the models of TorchXRayVision were trained with.
 * - Contrast and blur, with their shares of images: those of MoCo v2, which were chosen for photographs of 224 pixels.
 * - Erasing: the defaults of its paper.
 * - Brightness: ours. MoCo v2 has a factor of 0.6 to 1.4, which is not the same as an amount.
 *
 * @see Cohen et al., TorchXRayVision, 2022, arXiv:2111.00595, and its source,
 *   https://github.com/mlmed/torchxrayvision/blob/master/scripts/train_model.py:
 *   RandomAffine(45, translate=(0.15, 0.15), scale=(0.85, 1.15))
 * @see Chen et al., Improved baselines with momentum contrastive learning, 2020, arXiv:2003.04297, and its source,
 *   https://github.com/facebookresearch/moco/blob/main/main_moco.py: ColorJitter(0.4, 0.4, 0.4, 0.1) with p=0.8,
 *   GaussianBlur([0.1, 2.0]) with p=0.5
 * @see Zhong et al., Random erasing data augmentation, 2017, arXiv:1708.04896, and its source,
 *   https://github.com/zhunzhong07/Random-Erasing/blob/master/transforms.py: probability=0.5, sl=0.02, sh=0.4, r1=0.3
 */
export const strong = (): ImageAugmentation<readonly StageDraw[]> =>
  composeAugmentations([
    randomAffine({ rotation: 45, translation: 0.15, zoom: [0.85, 1.15] }),
    randomContrast({ factor: [0.6, 1.4], probability: 0.8 }),
    randomBrightness({ change: 0.2 }),
    gaussianBlur({ sigma: [0.1, 2], probability: 0.5 }),
    randomErasing({ probability: 0.5 }),
  ]);

/** Options of `robust`. */
export interface RobustOptions {
  /** Stages to leave out, by their `kind`, such as `random-gamma`: to see what each is good for. @default none */
  except?: readonly string[] | undefined;
}

/**
 * For networks that have to work on images from elsewhere, on top of a standardization of each image: rotation by up to 15
 * degrees, zoom by 0.9 to 1.2 and each axis by itself by 0.85 to 1.18 on top, shifts by up to 7.5 %, borders repeated; values
 * stretched to black and white, gamma 0.61 to 1.65, contrast 0.7 to 1.3, brightness by up to 15 %; a blur of up to 1 % of 96
 * pixels on three of ten images, an unsharp mask on as many, and noise of up to 3 %. No flip.
 *
 * Rotation, gamma, contrast and brightness are those of a search on the official split of the Kaggle copy; zoom, blur,
 * sharpening and noise were widened where `acquisitionShifts` showed that a network without them gives way. The tables are
 * in docs/generalisation.md.
 */
export const robust = (options: RobustOptions = {}): ImageAugmentation<readonly StageDraw[]> => {
  const stages: readonly ImageAugmentation[] = [
    randomAffine({ rotation: 15, translation: 0.075, zoom: [0.9, 1.2], stretch: [0.85, 1.18], fill: 'edge' }),
    rescaleIntensity(),
    randomGamma({ gamma: [Math.exp(-0.5), Math.exp(0.5)] }),
    randomContrast({ factor: [0.7, 1.3] }),
    randomBrightness({ change: 0.15 }),
    gaussianBlur({ sigma: [0.1, 1], probability: 0.3 }),
    randomSharpening({ amount: [0, 1.5], probability: 0.3 }),
    gaussianNoise({ standardDeviation: [0, 0.03] }),
  ];
  const { except = [] } = options;
  for (const [index, kind] of except.entries()) {
    checkWord(
      `except[${index}]`,
      kind,
      stages.map((stage) => stage.kind),
    );
  }
  return composeAugmentations(stages.filter(({ kind }) => !except.includes(kind)));
};
