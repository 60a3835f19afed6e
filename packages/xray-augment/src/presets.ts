import { composeAugmentations, type StageDraw } from './compose-augmentations.js';
import type { ImageAugmentation } from './create-augmentation.js';
import { gaussianBlur } from './filters/gaussian-blur.js';
import { randomAffine } from './geometry/random-affine.js';
import { horizontalFlip } from './horizontal-flip.js';
import { randomBrightness } from './intensity/random-brightness.js';
import { randomContrast } from './intensity/random-contrast.js';
import { randomErasing } from './random-erasing.js';

/** The reference study's augmentation: half of the images mirrored, nothing else. */
export const referenceStudy = () => horizontalFlip({ probability: 0.5 });

/**
 * Mild, for frontal chest X-rays: rotation by up to 10 degrees, shifts by up to 10 %, zoom by 0.85 to 1.15, black
 * outside, brightness by up to 10 %. No flip: it would put the heart on the right.
 *
 * The numbers follow COVID-Net's training, but for its flip. Its brightness is a factor; here it is an amount.
 *
 * @see Wang, Lin & Wong, COVID-Net, 2020, doi:10.1038/s41598-020-76550-z, and its source,
 *   `_augmentation_transform` in data.py: rotation_range=10, width_shift_range=0.1, height_shift_range=0.1,
 *   brightness_range=(0.9, 1.1), zoom_range=(0.85, 1.15), fill_mode='constant', cval=0
 */
export const chestXray = (): ImageAugmentation<readonly StageDraw[]> =>
  composeAugmentations([
    randomAffine({ rotation: 10, translation: 0.1, zoom: [0.85, 1.15] }),
    randomBrightness({ change: 0.1 }),
  ]);

/**
 * Strong, for long training on few images: rotation by up to 20 degrees, shifts by up to 10 %, zoom by 0.95 to
 * 1.05, contrast by 0.6 to 1.4, brightness by up to 20 %, a blur of 0.1 to 3 pixels on half of the images, and a
 * rectangle of 2 to 40 % erased on half of them. No flip.
 *
 * Geometry, contrast and blur follow what ConVIRT reports for chest X-rays at 224 pixels, whose brightness is a factor; the
 * amount here is our choice. The erasing has its paper's defaults.
 *
 * @see Zhang et al., Contrastive learning of medical visual representations from paired images and text, 2020,
 *   arXiv:2010.00747, section "Implementation details"
 * @see Zhong et al., Random erasing data augmentation, 2017, arXiv:1708.04896
 */
export const strong = (): ImageAugmentation<readonly StageDraw[]> =>
  composeAugmentations([
    randomAffine({ rotation: 20, translation: 0.1, zoom: [0.95, 1.05] }),
    randomContrast({ factor: [0.6, 1.4] }),
    randomBrightness({ change: 0.2 }),
    gaussianBlur({ sigma: [0.1, 3], probability: 0.5 }),
    randomErasing({ probability: 0.5 }),
  ]);
