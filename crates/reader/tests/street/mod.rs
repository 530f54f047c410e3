//! Photographs as inspectors and liaisons take them, made from a seed: streets, walls with bins, people, signs. Nothing is
//! stored and nothing fetched; `docs/PHOTOS.md` says how they are made and what is done to them.

pub(crate) mod alter;
mod canvas;
mod scene;

use chengjing_domain::{attachment::MediaKind, photo::Fingerprint};
use image::{RgbImage, codecs::jpeg::JpegEncoder};
pub(crate) use scene::{again, photo};

/// What the program sees when such a photograph comes in: its file is decoded and made small like any other.
pub(crate) fn seen(photo: &RgbImage) -> Fingerprint {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 92).encode_image(photo).expect("a JPEG");
    chengjing_reader::picture::look(MediaKind::Jpeg, &bytes).fingerprint.expect("it is a picture")
}

/// Numbers that look drawn and are the same in every run (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Drawn(pub(crate) u64);

impl Drawn {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub(crate) fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.unit()
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    pub(crate) fn chance(&mut self, part: f32) -> bool {
        self.unit() < part
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn mixed(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
