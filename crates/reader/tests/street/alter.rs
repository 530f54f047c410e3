//! What happens to photographs on their way, by chance or on purpose.

use std::io::Cursor;

use image::{DynamicImage, RgbImage, codecs::jpeg::JpegEncoder, imageops};

use super::Drawn;

pub(crate) type Alter = fn(&RgbImage, &mut Drawn) -> RgbImage;

/// Each way of altering a photograph, by its name.
pub(crate) const WAYS: &[(&str, Alter)] = &[
    ("recompressed, JPEG quality 30 to 60", |from, drawn| jpeg(from, 30 + drawn.below(31) as u8)),
    ("rescaled to a quarter", |from, _| sized(from, 0.25)),
    ("rescaled to 200 %", |from, _| sized(from, 2.0)),
    ("brightened by 15 to 60 %", |from, drawn| {
        light(from, drawn.between(1.15, 1.6), drawn.between(0.75, 1.0))
    }),
    ("darkened by 15 to 50 %", |from, drawn| light(from, drawn.between(0.5, 0.85), drawn.between(1.0, 1.3))),
    ("mirrored", |from, _| imageops::flip_horizontal(from)),
    ("cropped by 5 to 15 % at one side", crop_side),
    ("cropped by 15 % across and down, anywhere", crop_both),
    ("rotated by up to 3°, corners cut away", |from, drawn| turn(from, drawn, true)),
    ("rotated by up to 3°, corners black", |from, drawn| turn(from, drawn, false)),
    ("mirrored, cropped, brightened and recompressed", |from, drawn| {
        let cropped = crop_side(&imageops::flip_horizontal(from), drawn);
        jpeg(&light(&cropped, 1.2, 0.9), 50)
    }),
];

/// As a messenger writes it anew.
pub(crate) fn jpeg(from: &RgbImage, quality: u8) -> RgbImage {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(from).expect("a JPEG");
    let mut reader = image::ImageReader::new(Cursor::new(bytes));
    reader.set_format(image::ImageFormat::Jpeg);
    reader.decode().expect("a JPEG").to_rgb8()
}

fn sized(from: &RgbImage, factor: f32) -> RgbImage {
    let side = |pixels: u32| (pixels as f32 * factor).round() as u32;
    DynamicImage::from(from.clone())
        .resize_exact(side(from.width()), side(from.height()), imageops::FilterType::CatmullRom)
        .to_rgb8()
}

fn light(from: &RgbImage, gain: f32, gamma: f32) -> RgbImage {
    let table: Vec<u8> = (0..=255)
        .map(|value| ((value as f32 / 255.0).powf(gamma) * gain * 255.0).round().clamp(0.0, 255.0) as u8)
        .collect();
    let mut to = from.clone();
    for value in to.iter_mut() {
        *value = table[usize::from(*value)];
    }
    to
}

/// What remains between parts of the sides.
fn cut(from: &RgbImage, [left, right]: [f32; 2], [top, foot]: [f32; 2]) -> RgbImage {
    let at = |part: f32, side: u32| (part * side as f32).round() as u32;
    let (x, y) = (at(left, from.width()), at(top, from.height()));
    let (width, height) = (at(right, from.width()) - x, at(foot, from.height()) - y);
    imageops::crop_imm(from, x, y, width, height).to_image()
}

fn crop_side(from: &RgbImage, drawn: &mut Drawn) -> RgbImage {
    let part = drawn.between(0.05, 0.15);
    match drawn.below(4) {
        0 => cut(from, [part, 1.0], [0.0, 1.0]),
        1 => cut(from, [0.0, 1.0 - part], [0.0, 1.0]),
        2 => cut(from, [0.0, 1.0], [part, 1.0]),
        _ => cut(from, [0.0, 1.0], [0.0, 1.0 - part]),
    }
}

fn crop_both(from: &RgbImage, drawn: &mut Drawn) -> RgbImage {
    let (left, top) = (drawn.between(0.0, 0.15), drawn.between(0.0, 0.15));
    cut(from, [left, left + 0.85], [top, top + 0.85])
}

fn turn(from: &RgbImage, drawn: &mut Drawn, inside: bool) -> RgbImage {
    let angle = drawn.between(1.0, 3.0).to_radians() * if drawn.chance(0.5) { 1.0 } else { -1.0 };
    let (width, height) = (from.width() as f32, from.height() as f32);
    let (sine, cosine) = angle.sin_cos();
    let turned = RgbImage::from_fn(from.width(), from.height(), |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - width / 2.0, y as f32 + 0.5 - height / 2.0);
        let at = (cosine * dx - sine * dy + width / 2.0, sine * dx + cosine * dy + height / 2.0);
        imageops::interpolate_bilinear(from, at.0 - 0.5, at.1 - 0.5).unwrap_or(image::Rgb([0, 0, 0]))
    });
    if !inside {
        return turned;
    }
    // The largest frame of the same proportions that shows no corner.
    let ratio = width.max(height) / width.min(height);
    let left = 0.5 - 0.5 / (cosine + ratio * sine.abs());
    cut(&turned, [left, 1.0 - left], [left, 1.0 - left])
}
