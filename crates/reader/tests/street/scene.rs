//! The scenes. Eight photographs each are of one kind of place: the same sort of wall, the same sort of windows, other bins.

use image::RgbImage;

use super::{
    Drawn, alter,
    canvas::{Canvas, Colour, cell, clouds, mix, noise, times},
    mixed,
};

/// Photographs of one kind of place.
const KIND: u64 = 8;

/// A photograph. Its number is its seed.
pub(crate) fn photo(number: u64, width: u32, height: u32) -> RgbImage {
    let mut kind = Drawn(mixed(number / KIND) ^ 0x5ce7e);
    shot(
        &mut kind,
        &mut Drawn(mixed(number) ^ 0x5107),
        &mut Drawn(mixed(number) ^ 0x70da1),
        0.0,
        width,
        height,
    )
}

/// The place of that photograph on another day and from a few steps aside: the same walls and windows, other bins, people,
/// light and weather.
pub(crate) fn again(number: u64, width: u32, height: u32) -> RgbImage {
    let mut kind = Drawn(mixed(number / KIND) ^ 0x5ce7e);
    let aside = 0.1 + 0.1 * cell(number, 1, 1);
    shot(
        &mut kind,
        &mut Drawn(mixed(number) ^ 0x5107),
        &mut Drawn(mixed(number) ^ 0xda7e2),
        aside,
        width,
        height,
    )
}

/// What a kind of place has in common.
#[derive(Debug, Clone, Copy)]
struct Style {
    wall: Colour,
    material: usize,
    windows: [usize; 2],
    ground: usize,
    horizon: f32,
    open: bool,
}

/// `kind` says what sort of place it is, `place` which, `day` when and with what in it.
fn shot(
    kind: &mut Drawn,
    place: &mut Drawn,
    day: &mut Drawn,
    aside: f32,
    width: u32,
    height: u32,
) -> RgbImage {
    let style = Style {
        wall: kind.one_of(&WALLS),
        material: kind.below(4),
        windows: [2 + kind.below(3), 3 + kind.below(5)],
        ground: kind.below(4),
        horizon: kind.between(0.42, 0.7),
        open: kind.chance(0.35),
    };
    let mut canvas = Canvas::new(width, height);
    sky(&mut canvas, day);
    let horizon = style.horizon + place.between(-0.04, 0.04);
    if style.open {
        far_away(&mut canvas, place, horizon, aside);
    }
    houses(&mut canvas, place, style, horizon, aside);
    ground(&mut canvas, place, style, horizon, aside);
    for _ in 0..place.below(4) {
        tree(&mut canvas, place, horizon, aside);
    }
    for _ in 0..place.below(3) {
        pole(&mut canvas, place, horizon, aside);
    }
    let things = 3 + day.below(8);
    let mut feet: Vec<f32> = (0..things).map(|_| day.between(horizon + 0.03, 0.97)).collect();
    feet.sort_by(f32::total_cmp);
    for foot in feet {
        thing(&mut canvas, day, horizon, foot);
    }
    for _ in 0..day.below(14) {
        litter(&mut canvas, day, horizon);
    }
    light(&mut canvas, day);
    alter::jpeg(&canvas.finish(), 85 + day.below(10) as u8)
}

const WALLS: [Colour; 8] = [
    [0.72, 0.36, 0.27],
    [0.85, 0.82, 0.75],
    [0.62, 0.62, 0.64],
    [0.88, 0.74, 0.5],
    [0.55, 0.43, 0.36],
    [0.75, 0.8, 0.84],
    [0.5, 0.56, 0.52],
    [0.93, 0.91, 0.9],
];
const BINS: [Colour; 5] =
    [[0.1, 0.45, 0.2], [0.1, 0.25, 0.6], [0.4, 0.4, 0.42], [0.7, 0.12, 0.1], [0.45, 0.3, 0.15]];
const CLOTHES: [Colour; 7] = [
    [0.95, 0.5, 0.1],
    [0.1, 0.12, 0.2],
    [0.8, 0.1, 0.15],
    [0.85, 0.85, 0.85],
    [0.2, 0.35, 0.65],
    [0.75, 0.7, 0.3],
    [0.3, 0.5, 0.3],
];

fn sky(canvas: &mut Canvas, day: &mut Drawn) {
    let blue = mix([0.45, 0.65, 0.92], [0.75, 0.77, 0.8], day.unit());
    let (seed, cloudy, stretch) = (day.next(), day.unit(), day.between(2.0, 5.0));
    canvas.paint([0.0, 0.0], [canvas.right(), 1.0], |x, y| {
        let cloud = ((clouds(seed, x * stretch, y * stretch * 2.0) - 0.35) * 2.0).clamp(0.0, 1.0) * cloudy;
        Some(mix(mix(blue, [0.9, 0.93, 0.97], y * 1.4), [0.96, 0.96, 0.97], cloud))
    });
}

/// A skyline of hills and towers.
fn far_away(canvas: &mut Canvas, place: &mut Drawn, horizon: f32, aside: f32) {
    let (seed, high) = (place.next(), place.between(0.06, 0.25));
    let hill = mix([0.3, 0.42, 0.35], [0.55, 0.62, 0.7], place.unit());
    canvas.paint([0.0, horizon - high * 1.5], [canvas.right(), horizon], |x, y| {
        let top = horizon - high * (0.4 + clouds(seed, (x + aside) * 2.5, 0.5));
        (y > top).then(|| times(hill, 0.85 + 0.3 * noise(seed, (x + aside) * 60.0, y * 60.0)))
    });
}

fn houses(canvas: &mut Canvas, place: &mut Drawn, style: Style, horizon: f32, aside: f32) {
    let mut left = place.between(-0.35, 0.0) - aside;
    let foot = horizon + 0.02;
    while left < canvas.right() {
        let wide = place.between(0.35, 0.9);
        let top = if style.open { horizon - place.between(0.12, 0.4) } else { place.between(-0.25, 0.2) };
        if !(style.open && place.chance(0.45)) {
            house(canvas, place, style, [left, top], [left + wide, foot]);
        }
        left += wide + if place.chance(0.3) { place.between(0.02, 0.12) } else { 0.0 };
    }
}

fn house(
    canvas: &mut Canvas,
    place: &mut Drawn,
    style: Style,
    [left, top]: [f32; 2],
    [right, foot]: [f32; 2],
) {
    let wall = mix(style.wall, place.one_of(&WALLS), place.between(0.0, 0.35));
    let (seed, course) = (place.next(), place.between(0.012, 0.03));
    let material = style.material;
    canvas.paint([left, top], [right, foot], |x, y| {
        let stain = 0.8 + 0.3 * clouds(seed, (x - left) * 5.0, (y - top) * 5.0);
        let row = ((y - top) / course).floor();
        let part = match material {
            // Bricks.
            0 => {
                let column = (x - left) / (course * 2.2) + if row as i32 % 2 == 0 { 0.5 } else { 0.0 };
                let joint = (y - top) / course - row < 0.14 || column.fract() < 0.07;
                if joint { 1.25 } else { 0.8 + 0.35 * cell(seed, column.floor() as i32, row as i32) }
            }
            // Tiles.
            1 => {
                let column = ((x - left) / course).floor();
                let joint = ((y - top) / course).fract() < 0.1 || ((x - left) / course).fract() < 0.1;
                if joint { 0.75 } else { 0.93 + 0.12 * cell(seed, column as i32, row as i32) }
            }
            // Rough plaster.
            2 => 0.85 + 0.3 * noise(seed, x * 120.0, y * 120.0),
            // Panels.
            _ => {
                if ((y - top) / (course * 6.0)).fract() < 0.03 {
                    0.6
                } else {
                    0.97 + 0.05 * noise(seed, x * 90.0, y * 90.0)
                }
            }
        };
        Some(times(wall, part * stain))
    });
    let [across, down] = style.windows;
    let across = across + place.below(2);
    let shop = foot - top > 0.35 && place.chance(0.75);
    let floor = if shop { foot - 0.2 } else { foot - 0.04 };
    let (wide, high) = ((right - left) / across as f32, (floor - top) / down as f32);
    let (inset, proud) = (place.between(0.15, 0.3), place.between(0.18, 0.3));
    let dark = mix([0.12, 0.16, 0.2], [0.4, 0.5, 0.58], place.unit());
    for row in 0..down {
        for column in 0..across {
            let (x, y) = (left + column as f32 * wide, top + row as f32 * high);
            window(
                canvas,
                place,
                dark,
                [x + wide * inset, y + high * proud],
                [x + wide * (1.0 - inset), y + high * (1.0 - proud)],
            );
        }
    }
    if shop {
        front(canvas, place, [left + 0.01, floor + 0.01], [right - 0.01, foot]);
    }
}

fn window(
    canvas: &mut Canvas,
    place: &mut Drawn,
    dark: Colour,
    [left, top]: [f32; 2],
    [right, foot]: [f32; 2],
) {
    let frame = place.one_of(&[[0.9, 0.9, 0.9], [0.35, 0.25, 0.2], [0.6, 0.62, 0.65]]);
    let (seed, curtain, shut) = (place.next(), place.one_of(&CLOTHES), place.unit());
    let bars = place.chance(0.2);
    let edge = 0.004;
    canvas.paint([left, top], [right, foot], |x, y| {
        let rim = x - left < edge || right - x < edge || y - top < edge || foot - y < edge;
        let middle = ((x - left) / (right - left) - 0.5).abs() < 0.03;
        let barred = bars && ((x - left) / 0.008).fract() < 0.3;
        Some(if rim || middle || barred {
            frame
        } else if (x - left) / (right - left) < shut * 0.8 - 0.2 {
            times(curtain, 0.6 + 0.4 * noise(seed, x * 150.0, y * 8.0))
        } else {
            times(dark, 0.7 + 0.8 * noise(seed, x * 9.0, y * 14.0))
        })
    });
    if place.chance(0.3) {
        // An air conditioner under it.
        let (x, wide) = (place.between(left, right), place.between(0.025, 0.045));
        canvas.paint([x, foot + 0.004], [x + wide, foot + 0.004 + wide * 0.7], |px, py| {
            let fan = (px - x - wide * 0.4).hypot(py - foot - 0.004 - wide * 0.35) < wide * 0.25;
            Some(if fan { [0.3, 0.3, 0.32] } else { [0.85, 0.85, 0.83] })
        });
    }
}

/// A shop with its sign.
fn front(canvas: &mut Canvas, place: &mut Drawn, [left, top]: [f32; 2], [right, foot]: [f32; 2]) {
    let (back, ink) =
        (place.one_of(&BINS), place.one_of(&[[0.98, 0.98, 0.9], [0.98, 0.85, 0.2], [0.1, 0.1, 0.1]]));
    let (seed, back) = (place.next(), mix(back, place.one_of(&CLOTHES), 0.6));
    let sign = top + (foot - top) * 0.3;
    let letter = (sign - top) * 0.62;
    let pitch = letter * 1.25;
    let begin = left + (right - left) * place.between(0.05, 0.3);
    let count = 3 + place.below(5);
    canvas.paint([left, top], [right, sign], |x, y| {
        Some(written([x, y], [begin, top + letter * 0.3], letter, pitch, count, seed).map_or(back, |()| ink))
    });
    let doors = 2 + place.below(4);
    let wide = (right - left) / doors as f32;
    canvas.paint([left, sign], [right, foot], |x, y| {
        let (door, within) = (((x - left) / wide) as i32, ((x - left) / wide).fract());
        let (kind, seed) = (cell(seed, door, 7), seed ^ door as u64);
        Some(if !(0.04..=0.96).contains(&within) {
            [0.3, 0.3, 0.3]
        } else if kind < 0.3 {
            // A rolling shutter.
            times([0.7, 0.72, 0.74], 0.7 + 0.3 * ((y - sign) / 0.012).fract())
        } else {
            let shelf = ((y - sign) / 0.04).floor();
            let goods = cell(seed, ((x - left) / 0.015) as i32, shelf as i32);
            mix(
                [0.15, 0.15, 0.17],
                [cell(seed, shelf as i32, 1), goods, cell(seed, shelf as i32, 2)],
                0.3 + 0.5 * goods,
            )
        })
    });
}

/// Strokes on a grid that look like a line of characters.
fn written(
    [x, y]: [f32; 2],
    [left, top]: [f32; 2],
    letter: f32,
    pitch: f32,
    count: usize,
    seed: u64,
) -> Option<()> {
    let at = (x - left) / pitch;
    let (which, across, down) = (at.floor(), at.fract() * pitch / letter, (y - top) / letter);
    if which < 0.0 || which >= count as f32 || across > 1.0 || !(0.0..1.0).contains(&down) {
        return None;
    }
    let seed = seed ^ (which as u64).wrapping_mul(977);
    let (column, row) = (across * 5.0, down * 5.0);
    let level =
        row.fract() < 0.45 && cell(seed, 0, row as i32) > 0.35 && across > cell(seed, 1, row as i32) * 0.4;
    let upright = column.fract() < 0.4
        && cell(seed, column as i32, 9) > 0.5
        && down > cell(seed, column as i32, 8) * 0.5;
    (level || upright).then_some(())
}

fn ground(canvas: &mut Canvas, place: &mut Drawn, style: Style, horizon: f32, aside: f32) {
    let base = mix([0.42, 0.42, 0.43], [0.66, 0.6, 0.54], place.unit());
    let (seed, vanish, pitch) = (place.next(), place.between(0.3, 1.0), place.between(0.05, 0.12));
    let (kerb, marking) = (place.between(0.2, 0.5), place.between(-0.6, 0.6));
    let kind = style.ground;
    canvas.paint([0.0, horizon], [canvas.right(), 1.0], |x, y| {
        let depth = 0.12 / (y - horizon + 0.04);
        let across = (x - vanish) * depth * 3.0 + aside * 2.0;
        let rough = 0.82
            + 0.22 * clouds(seed, x * 14.0 + aside * 14.0, y * 22.0)
            + 0.1 * noise(seed, x * 190.0, y * 190.0);
        let (u, v) = (across / pitch / 3.0, depth / pitch * 2.0);
        let stone = 0.85 + 0.25 * cell(seed, u.floor() as i32, v.floor() as i32);
        let joint = u.rem_euclid(1.0) < 0.06 || v.fract() < 0.06;
        let paved = match kind {
            0 => 1.0,
            1 => {
                if joint {
                    0.7
                } else {
                    stone
                }
            }
            2 if y > horizon + kerb * 0.5 => 1.0,
            2 => {
                if joint {
                    0.75
                } else {
                    stone
                }
            }
            _ if (across - marking).abs() < 0.05 && v.rem_euclid(2.0) < 1.2 => 1.9,
            _ => 0.9,
        };
        Some(times(base, rough * paved))
    });
    if kind == 2 {
        canvas.paint([0.0, horizon + kerb * 0.5], [canvas.right(), horizon + kerb * 0.5 + 0.02], |x, _| {
            Some(times([0.8, 0.8, 0.78], if ((x + aside) / 0.13).fract() < 0.04 { 0.5 } else { 1.0 }))
        });
    }
}

fn tree(canvas: &mut Canvas, place: &mut Drawn, horizon: f32, aside: f32) {
    let (x, foot) = (place.between(0.0, canvas.right()) - aside * 1.2, horizon + place.between(0.02, 0.2));
    let size = place.between(0.1, 0.28);
    let crown = foot - size * place.between(1.6, 2.4);
    let (seed, leaf) = (place.next(), mix([0.15, 0.32, 0.12], [0.45, 0.5, 0.18], place.unit()));
    canvas.line([x, foot], [x + place.between(-0.02, 0.02), crown], size * 0.12, [0.3, 0.23, 0.17]);
    for _ in 0..5 {
        let (dx, dy, part) = (place.between(-0.6, 0.6), place.between(-0.5, 0.5), place.between(0.4, 0.75));
        canvas.ellipse([x + dx * size, crown + dy * size], [size * part, size * part * 0.9], |px, py| {
            let shade = noise(seed, px * 75.0, py * 75.0);
            (shade > 0.28).then(|| times(leaf, 0.45 + shade * 0.9 + 0.3 * noise(seed, px * 14.0, py * 14.0)))
        });
    }
}

fn pole(canvas: &mut Canvas, place: &mut Drawn, horizon: f32, aside: f32) {
    let x = place.between(0.05, canvas.right() - 0.05) - aside * 1.1;
    let foot = horizon + place.between(0.03, 0.15);
    let top = place.between(0.0, horizon * 0.6);
    canvas.line([x, foot], [x, top], 0.012, [0.35, 0.36, 0.38]);
    if place.chance(0.6) {
        let (half, y) = (place.between(0.04, 0.08), place.between(top + 0.1, horizon));
        let (back, seed) = (place.one_of(&BINS), place.next());
        canvas.paint([x - half, y - half * 0.7], [x + half, y + half * 0.7], |px, py| {
            let ink = written([px, py], [x - half * 0.8, y - half * 0.4], half * 0.45, half * 0.55, 3, seed);
            Some(ink.map_or(back, |()| [0.97, 0.97, 0.97]))
        });
    }
}

/// Something that stands on the ground: the nearer, the larger.
fn thing(canvas: &mut Canvas, day: &mut Drawn, horizon: f32, foot: f32) {
    let near = 0.25 + (foot - horizon) * 1.3;
    let x = day.between(0.0, canvas.right());
    match day.below(5) {
        0 | 1 => {
            for index in 0..1 + day.below(4) {
                bin(canvas, day, x + index as f32 * near * 0.24, foot, near * 0.2);
            }
        }
        2 | 3 => person(canvas, day, x, foot, near * 0.42),
        _ => car(canvas, day, x, foot, near * 0.5),
    }
}

fn shadow(canvas: &mut Canvas, x: f32, foot: f32, wide: f32) {
    canvas.ellipse([x, foot], [wide, wide * 0.22], |_, _| Some([0.2, 0.2, 0.21]));
}

fn bin(canvas: &mut Canvas, day: &mut Drawn, x: f32, foot: f32, size: f32) {
    let (colour, high) = (times(day.one_of(&BINS), day.between(0.8, 1.3)), size * day.between(1.1, 1.5));
    let (seed, open) = (day.next(), day.chance(0.25));
    shadow(canvas, x, foot, size * 0.6);
    canvas.paint([x - size / 2.0, foot - high], [x + size / 2.0, foot], |px, py| {
        let taper = size * (0.5 - 0.1 * (py - foot + high) / high);
        let side = ((px - x) / size + 0.5).clamp(0.0, 1.0);
        ((px - x).abs() < taper)
            .then(|| times(colour, 0.65 + 0.5 * side + 0.15 * noise(seed, px * 40.0, py * 40.0)))
    });
    canvas.ellipse([x, foot - high * 0.5], [size * 0.16, size * 0.16], |_, _| Some([0.92, 0.92, 0.92]));
    let lid = foot - high - if open { size * 0.3 } else { 0.0 };
    canvas
        .paint([x - size * 0.55, lid - size * 0.12], [x + size * 0.55, lid], |_, _| Some(times(colour, 0.6)));
}

fn person(canvas: &mut Canvas, day: &mut Drawn, x: f32, foot: f32, tall: f32) {
    let (coat, legs) = (day.one_of(&CLOTHES), times(day.one_of(&CLOTHES), 0.5));
    let stride = day.between(0.02, 0.16) * tall;
    shadow(canvas, x, foot, tall * 0.2);
    for side in [-1.0, 1.0] {
        canvas.line([x, foot - tall * 0.48], [x + side * stride, foot], tall * 0.1, legs);
        let hand = [x + side * day.between(0.12, 0.28) * tall, foot - tall * day.between(0.4, 0.6)];
        canvas.line([x + side * tall * 0.1, foot - tall * 0.78], hand, tall * 0.07, times(coat, 0.85));
    }
    canvas.ellipse([x, foot - tall * 0.63], [tall * 0.14, tall * 0.22], |px, _| {
        Some(times(coat, 0.85 + (px - x) / tall))
    });
    canvas.ellipse([x, foot - tall * 0.92], [tall * 0.07, tall * 0.085], |_, py| {
        Some(if py < foot - tall * 0.94 { [0.1, 0.08, 0.07] } else { [0.82, 0.63, 0.5] })
    });
}

fn car(canvas: &mut Canvas, day: &mut Drawn, x: f32, foot: f32, size: f32) {
    let paint = mix(day.one_of(&CLOTHES), [0.9, 0.9, 0.92], day.unit());
    shadow(canvas, x, foot, size * 0.62);
    let cabin = day.between(0.18, 0.3);
    canvas.paint([x - size * cabin, foot - size * 0.42], [x + size * cabin, foot - size * 0.2], |px, _| {
        Some(if ((px - x) / size / cabin).abs() > 0.9 || (px - x).abs() < size * 0.015 {
            paint
        } else {
            [0.15, 0.18, 0.22]
        })
    });
    canvas.paint([x - size * 0.5, foot - size * 0.25], [x + size * 0.5, foot - size * 0.07], |_, py| {
        Some(times(paint, 0.75 + (foot - py) / size))
    });
    for side in [-0.3, 0.3] {
        canvas.ellipse([x + side * size, foot - size * 0.07], [size * 0.085, size * 0.085], |px, py| {
            let hub = (px - x - side * size).hypot(py - foot + size * 0.07) < size * 0.04;
            Some(if hub { [0.6, 0.6, 0.62] } else { [0.08, 0.08, 0.08] })
        });
    }
}

fn litter(canvas: &mut Canvas, day: &mut Drawn, horizon: f32) {
    let (x, y) = (day.between(0.0, canvas.right()), day.between(horizon + 0.03, 1.0));
    let (size, colour) = (0.004 + (y - horizon) * day.between(0.01, 0.04), day.one_of(&CLOTHES));
    let lean = day.between(-1.0, 1.0);
    canvas.paint([x - size, y - size * 0.5], [x + size, y + size * 0.5], |px, py| {
        ((px - x) + lean * (py - y) < size * 0.7).then_some(colour)
    });
}

/// Where the light comes from, a shadow that falls across, and what the camera makes of it.
fn light(canvas: &mut Canvas, day: &mut Drawn) {
    let (slope, bright) = (day.between(-0.25, 0.25), day.between(0.75, 1.15));
    let (warm, dim) = (day.between(-0.07, 0.07), day.between(0.0, 0.25));
    let (edge, lean, deep) = (day.between(-1.5, 2.0), day.between(-0.8, 0.8), day.between(0.0, 0.4));
    let (seed, grain) = (day.next(), day.between(0.005, 0.03));
    let (middle, high) = (canvas.right() / 2.0, 700.0);
    canvas.develop(|x, y, colour| {
        let vignette = 1.0 - dim * ((x - middle).powi(2) + (y - 0.5).powi(2));
        let shaded = 1.0 - deep / (1.0 + (-(x - edge - lean * y) * 60.0).exp());
        let level = bright * (1.0 + slope * (x - middle)) * vignette * shaded;
        let speck = (cell(seed, (x * high) as i32, (y * high) as i32) - 0.5) * 2.0 * grain;
        [
            colour[0] * level * (1.0 + warm) + speck,
            colour[1] * level + speck,
            colour[2] * level * (1.0 - warm) + speck,
        ]
    });
}
