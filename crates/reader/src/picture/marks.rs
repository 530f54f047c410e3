//! The fingerprint of a picture: its most pronounced spots at several sizes, and what surrounds each of them.
//!
//! Spots are extremes of the difference of Gaussians (Lowe, Distinctive Image Features from Scale-Invariant Keypoints, 2004,
//! section 3); of their surroundings the signs of the lowest cosine frequencies are kept, as perceptual hashes do of whole
//! pictures. A cut leaves the spots of what is left, a small turn moves them a little, and other light changes no sign.

use chengjing_domain::photo::{Fingerprint, MOST_MARKS, Mark, code_bits};
use image::{DynamicImage, GrayImage, imageops};

/// The frame: as many pixels as a square of this side has, in the picture's proportions.
const SIDE: f32 = 160.0;
/// How much longer one side of the frame may be than the other; what is longer is squeezed.
const LONGEST: f32 = 3.0;
/// The smoothings, each larger than the one before by a third of an octave.
const SMOOTHINGS: usize = 8;
const FIRST: f32 = 1.6;
const STEP: f32 = 1.259_921;
/// Under this a spot is noise: in 255 steps of grey.
const LEAST_CONTRAST: f32 = 1.5;
/// A spot on an edge could be anywhere along it: the ratio of its curvatures (Lowe, 4.1).
const EDGE: f32 = 10.0;
/// Samples across the surroundings.
const SAMPLES: usize = 16;
/// Bits of each quarter of a code that are noted as doubtful.
const DOUBTS: usize = 3;

/// Takes a picture's fingerprint. It has to stand the right way up.
pub fn fingerprint(picture: &DynamicImage) -> Fingerprint {
    let grey = frame(picture);
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let units = |pixels: f32| (pixels * Mark::UNITS).round().clamp(0.0, f32::from(u16::MAX)) as u16;
    let levels = levels(&grey);
    let mut spots = spots(&levels, width, height);
    spots.sort_by(|one, other| other.contrast.total_cmp(&one.contrast));
    let mut marks: Vec<Mark> = Vec::new();
    let mut taken: Vec<&Spot> = Vec::new();
    for spot in &spots {
        if marks.len() == MOST_MARKS {
            break;
        }
        let crowded = taken
            .iter()
            .any(|other| (other.x - spot.x).hypot(other.y - spot.y) < 0.7 * other.size.max(spot.size));
        if crowded {
            continue;
        }
        let (code, doubtful) = code(&levels[spot.level], width, height, spot);
        taken.push(spot);
        marks.push(Mark {
            x: units(spot.x + 0.5),
            y: units(spot.y + 0.5),
            size: units(spot.size),
            code,
            doubtful,
        });
    }
    Fingerprint { width: units(width as f32), height: units(height as f32), marks }
}

/// The picture in grey, at the size in which it is looked at.
fn frame(picture: &DynamicImage) -> GrayImage {
    let (width, height) = (picture.width().max(1) as f32, picture.height().max(1) as f32);
    let stretch = (width / height).clamp(1.0 / LONGEST, LONGEST).sqrt();
    let (to_width, to_height) = ((SIDE * stretch).round() as u32, (SIDE / stretch).round() as u32);
    imageops::resize(&picture.to_luma8(), to_width, to_height, imageops::FilterType::Triangle)
}

struct Spot {
    x: f32,
    y: f32,
    size: f32,
    contrast: f32,
    /// The smoothing in which its surroundings are looked at.
    level: usize,
}

fn size_of(level: f32) -> f32 {
    FIRST * STEP.powf(level)
}

/// The picture at every smoothing.
fn levels(grey: &GrayImage) -> Vec<Vec<f32>> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let raw: Vec<f32> = grey.as_raw().iter().map(|value| f32::from(*value)).collect();
    let mut levels: Vec<Vec<f32>> = Vec::with_capacity(SMOOTHINGS);
    // What a camera's own pixels have smoothed already.
    let mut smoothed = 0.5_f32;
    for level in 0..SMOOTHINGS {
        let wanted = size_of(level as f32);
        let more = (wanted * wanted - smoothed * smoothed).sqrt();
        let next = smooth(levels.last().unwrap_or(&raw), width, height, more);
        levels.push(next);
        smoothed = wanted;
    }
    levels
}

/// Smooths with a Gaussian, across and then down; beyond the edge there is more of the edge.
fn smooth(from: &[f32], width: usize, height: usize, sigma: f32) -> Vec<f32> {
    let reach = (sigma * 3.0).ceil() as usize;
    let mut kernel: Vec<f32> =
        (0..=2 * reach).map(|at| (-0.5 * ((at as f32 - reach as f32) / sigma).powi(2)).exp()).collect();
    let sum: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|weight| *weight /= sum);
    let mut across = vec![0.0; from.len()];
    let mut padded = vec![0.0; width + 2 * reach];
    for (row, out) in from.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        padded[..reach].fill(row[0]);
        padded[reach..reach + width].copy_from_slice(row);
        padded[reach + width..].fill(row[width - 1]);
        for (at, weight) in kernel.iter().enumerate() {
            for (sum, value) in out.iter_mut().zip(&padded[at..at + width]) {
                *sum += weight * value;
            }
        }
    }
    let mut down = vec![0.0; from.len()];
    for (y, out) in down.chunks_exact_mut(width).enumerate() {
        for (at, weight) in kernel.iter().enumerate() {
            let row = (y + at).saturating_sub(reach).min(height - 1);
            for (sum, value) in out.iter_mut().zip(&across[row * width..(row + 1) * width]) {
                *sum += weight * value;
            }
        }
    }
    down
}

/// The extremes of the differences between smoothings, in place and size.
fn spots(levels: &[Vec<f32>], width: usize, height: usize) -> Vec<Spot> {
    let differences: Vec<Vec<f32>> = levels
        .windows(2)
        .map(|pair| pair[1].iter().zip(&pair[0]).map(|(coarse, fine)| coarse - fine).collect())
        .collect();
    let mut spots = Vec::new();
    for level in 1..differences.len() - 1 {
        let middle = &differences[level];
        for y in 1..height - 1 {
            for x in 1..width - 1 {
                let value = middle[y * width + x];
                if value.abs() < LEAST_CONTRAST {
                    continue;
                }
                let extreme = differences[level - 1..=level + 1].iter().enumerate().all(|(which, plane)| {
                    (y - 1..=y + 1).all(|row| {
                        plane[row * width + x - 1..=row * width + x + 1].iter().enumerate().all(
                            |(column, other)| {
                                (which, row, column) == (1, y, 1)
                                    || if value > 0.0 { value > *other } else { value < *other }
                            },
                        )
                    })
                });
                if extreme && let Some(spot) = refine(&differences, width, height, (x, y, level)) {
                    spots.push(spot);
                }
            }
        }
    }
    spots
}

/// Where between the pixels an extreme is. None: on an edge, or its surroundings are cut off.
fn refine(
    differences: &[Vec<f32>],
    width: usize,
    height: usize,
    (x, y, level): (usize, usize, usize),
) -> Option<Spot> {
    let at = |x: usize, y: usize, level: usize| differences[level][y * width + x];
    let here = at(x, y, level);
    let (dxx, dyy) = (
        at(x + 1, y, level) + at(x - 1, y, level) - 2.0 * here,
        at(x, y + 1, level) + at(x, y - 1, level) - 2.0 * here,
    );
    let dxy = (at(x + 1, y + 1, level) + at(x - 1, y - 1, level)
        - at(x + 1, y - 1, level)
        - at(x - 1, y + 1, level))
        / 4.0;
    let (trace, determinant) = (dxx + dyy, dxx * dyy - dxy * dxy);
    if determinant <= 0.0 || trace * trace * EDGE > (EDGE + 1.0).powi(2) * determinant {
        return None;
    }
    let peak = |before: f32, after: f32| {
        let bend = before + after - 2.0 * here;
        if bend == 0.0 { 0.0 } else { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) }
    };
    let size = size_of(level as f32 + peak(at(x, y, level - 1), at(x, y, level + 1)));
    let (x, y) = (
        x as f32 + peak(at(x - 1, y, level), at(x + 1, y, level)),
        y as f32 + peak(at(x, y - 1, level), at(x, y + 1, level)),
    );
    let margin = size * Mark::REACH;
    let whole =
        x >= margin && y >= margin && x <= width as f32 - 1.0 - margin && y <= height as f32 - 1.0 - margin;
    whole.then_some(Spot { x, y, size, contrast: here.abs(), level })
}

/// The code of a spot's surroundings, and its doubtful bits.
fn code(level: &[f32], width: usize, height: usize, spot: &Spot) -> (u64, u64) {
    let step = 2.0 * Mark::REACH * spot.size / SAMPLES as f32;
    let place = |index: usize, middle: f32, most: usize| {
        (middle + (index as f32 + 0.5 - SAMPLES as f32 / 2.0) * step).clamp(0.0, most as f32 - 1.001)
    };
    let mut patch = [[0.0_f32; SAMPLES]; SAMPLES];
    for (row, line) in patch.iter_mut().enumerate() {
        let y = place(row, spot.y, height);
        let (top, down) = (y as usize, y.fract());
        for (column, sample) in line.iter_mut().enumerate() {
            let x = place(column, spot.x, width);
            let (left, right) = (x as usize, x.fract());
            let pair = |y: usize| {
                let at = y * width + left;
                level[at] * (1.0 - right) + level[at + 1] * right
            };
            *sample = pair(top) * (1.0 - down) + pair(top + 1) * down;
        }
    }
    let waves = waves();
    let mut across = [[0.0_f32; WAVES]; SAMPLES];
    for (line, out) in patch.iter().zip(across.iter_mut()) {
        for (wave, sum) in waves.iter().zip(out.iter_mut()) {
            *sum = wave.iter().zip(line).map(|(weight, value)| weight * value).sum();
        }
    }
    let strengths: Vec<f32> = code_bits()
        .map(|(u, v)| across.iter().zip(&waves[v]).map(|(line, weight)| line[u] * weight).sum())
        .collect();
    let mut code = 0_u64;
    let mut doubtful = 0_u64;
    for (bit, strength) in strengths.iter().enumerate() {
        code |= u64::from(*strength > 0.0) << bit;
    }
    for quarter in 0..4 {
        let mut bits: Vec<usize> = (16 * quarter..16 * (quarter + 1)).collect();
        bits.sort_by(|one, other| strengths[*one].abs().total_cmp(&strengths[*other].abs()));
        doubtful |= bits.iter().take(DOUBTS).fold(0, |bits, bit| bits | 1 << bit);
    }
    (code, doubtful)
}

/// Half waves that a code may hold in one direction, from none on.
const WAVES: usize = 12;

/// Cosines of the transform, each as long as a line of samples.
fn waves() -> [[f32; SAMPLES]; WAVES] {
    let mut waves = [[0.0; SAMPLES]; WAVES];
    for (half_waves, wave) in waves.iter_mut().enumerate() {
        for (at, weight) in wave.iter_mut().enumerate() {
            *weight = (std::f32::consts::PI * half_waves as f32 * (at as f32 + 0.5) / SAMPLES as f32).cos();
        }
    }
    waves
}

#[cfg(test)]
mod tests {
    use image::{Luma, RgbImage};

    use super::*;

    fn of(picture: impl Into<DynamicImage>) -> Fingerprint {
        fingerprint(&picture.into())
    }

    /// Squares of many greys, and of several sizes.
    fn quilt(width: u32, height: u32) -> GrayImage {
        GrayImage::from_fn(width, height, |x, y| {
            let (column, row) = (x * 13 / width, y * 9 / height);
            Luma([((column * 31 + row + 1).wrapping_mul(2_654_435_761) >> 24) as u8 / 5 * 4 + 20])
        })
    }

    #[test]
    fn a_picture_without_anything_in_it_is_plain() {
        let white = RgbImage::from_pixel(800, 600, image::Rgb([255; 3]));
        let sky = RgbImage::from_fn(800, 600, |x, y| image::Rgb([(x / 8) as u8, (y / 5) as u8, 230]));
        let wall = GrayImage::from_fn(800, 600, |x, y| Luma([(200 + (x * 7 + y * 13) % 3) as u8]));
        for plain in [of(white), of(sky), of(wall)] {
            assert!(plain.plain(), "{}", plain.marks.len());
        }
        assert!(!of(quilt(800, 600)).plain());
    }

    #[test]
    fn a_mirrored_picture_has_the_mirrored_fingerprint() {
        let picture = quilt(640, 480);
        let (seen, mirrored) = (of(picture.clone()).mirrored(), of(imageops::flip_horizontal(&picture)));
        let same = seen.marks.iter().filter(|mark| {
            mirrored.marks.iter().any(|other| {
                mark.x.abs_diff(other.x) < 64
                    && mark.y.abs_diff(other.y) < 64
                    && (mark.code ^ other.code).count_ones() < 8
            })
        });
        assert!(same.count() * 10 >= seen.marks.len() * 9);
    }

    #[test]
    fn no_size_makes_it_fail_and_marks_lie_in_the_frame() {
        for (width, height) in [(1, 1), (2, 900), (900, 2), (1, 5_000), (37, 41), (3_000, 40), (640, 480)] {
            let seen = of(quilt(width, height));
            assert!(seen.width > 0 && seen.height > 0 && seen.marks.len() <= MOST_MARKS);
            for mark in &seen.marks {
                assert!(mark.x <= seen.width && mark.y <= seen.height, "{width} × {height}: {mark:?}");
                assert!((0..4).all(|quarter| (mark.doubtful >> (16 * quarter) & 0xffff).count_ones() == 3));
            }
        }
    }
}
