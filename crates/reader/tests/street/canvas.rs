//! What scenes are painted on: colours from 0 to 1, places in parts of the picture's height.

use image::{Rgb, RgbImage};

use super::mixed;

pub(crate) type Colour = [f32; 3];

pub(crate) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

/// What is painted where: the colour at a place, or none where what is behind shows.
pub(crate) trait Paint: Fn(f32, f32) -> Option<Colour> {}
impl<F: Fn(f32, f32) -> Option<Colour>> Paint for F {}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, pixels: vec![[0.0; 3]; width * height] }
    }

    /// How wide it is, in heights.
    pub(crate) fn right(&self) -> f32 {
        self.width as f32 / self.height as f32
    }

    /// Paints what lies between the corners.
    pub(crate) fn paint(&mut self, [left, top]: [f32; 2], [right, foot]: [f32; 2], paint: impl Paint) {
        let high = self.height as f32;
        let cells = |from: f32, to: f32, most: usize| {
            let cell = |at: f32| (at * high).ceil().clamp(0.0, most as f32) as usize;
            cell(from - 0.5 / high)..cell(to - 0.5 / high)
        };
        for y in cells(top, foot, self.height) {
            for x in cells(left, right, self.width) {
                if let Some(colour) = paint((x as f32 + 0.5) / high, (y as f32 + 0.5) / high) {
                    self.pixels[y * self.width + x] = colour;
                }
            }
        }
    }

    pub(crate) fn ellipse(&mut self, [x, y]: [f32; 2], [across, down]: [f32; 2], paint: impl Paint) {
        self.paint([x - across, y - down], [x + across, y + down], |px, py| {
            let inside = ((px - x) / across).powi(2) + ((py - y) / down).powi(2) <= 1.0;
            if inside { paint(px, py) } else { None }
        });
    }

    pub(crate) fn line(&mut self, from: [f32; 2], to: [f32; 2], thick: f32, colour: Colour) {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let square = (dx * dx + dy * dy).max(1e-9);
        let half = thick / 2.0;
        let corner =
            |pick: fn(f32, f32) -> f32, side: f32| [0, 1].map(|axis| pick(from[axis], to[axis]) + side);
        self.paint(corner(f32::min, -half), corner(f32::max, half), |x, y| {
            let along = (((x - from[0]) * dx + (y - from[1]) * dy) / square).clamp(0.0, 1.0);
            let apart = (x - from[0] - along * dx).hypot(y - from[1] - along * dy);
            (apart <= half).then_some(colour)
        });
    }

    /// Changes every colour by what stands at its place.
    pub(crate) fn develop(&mut self, change: impl Fn(f32, f32, Colour) -> Colour) {
        let high = self.height as f32;
        for (at, colour) in self.pixels.iter_mut().enumerate() {
            let (x, y) = ((at % self.width) as f32 / high, (at / self.width) as f32 / high);
            *colour = change(x, y, *colour);
        }
    }

    pub(crate) fn finish(&self) -> RgbImage {
        RgbImage::from_fn(self.width as u32, self.height as u32, |x, y| {
            let colour = self.pixels[y as usize * self.width + x as usize];
            Rgb(colour.map(|value| (value * 255.0).round().clamp(0.0, 255.0) as u8))
        })
    }
}

pub(crate) fn times(colour: Colour, factor: f32) -> Colour {
    colour.map(|value| value * factor)
}

pub(crate) fn mix(one: Colour, other: Colour, part: f32) -> Colour {
    [0, 1, 2].map(|at| one[at] + (other[at] - one[at]) * part)
}

/// A value from 0 to 1 for a cell of a grid.
pub(crate) fn cell(seed: u64, x: i32, y: i32) -> f32 {
    let key = u64::from(x as u32) << 32 | u64::from(y as u32);
    (mixed(seed ^ key.wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 40) as f32 / (1_u64 << 24) as f32
}

/// Smooth noise from 0 to 1 with one value a unit.
pub(crate) fn noise(seed: u64, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |part: f32| part * part * (3.0 - 2.0 * part);
    let (u, v) = (ease(x - left), ease(y - top));
    let (left, top) = (left as i32, top as i32);
    let row = |y| cell(seed, left, y) * (1.0 - u) + cell(seed, left + 1, y) * u;
    row(top) * (1.0 - v) + row(top + 1) * v
}

/// Noise with finer noise in it, from 0 to 1.
pub(crate) fn clouds(seed: u64, x: f32, y: f32) -> f32 {
    let octave = |times: f32, salt: u64| noise(seed ^ salt, x * times, y * times);
    (octave(1.0, 1) * 8.0 + octave(2.1, 2) * 4.0 + octave(4.3, 3) * 2.0 + octave(8.7, 4)) / 15.0
}
