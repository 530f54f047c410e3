//! Whether altered photographs find their twins, how many unrelated ones are flagged, and how long one takes among a hundred
//! thousand: `cargo bench -p chengjing-reader --bench photo`, or with `-- 200` on the first two hundred. No assertion: the
//! numbers are for people; the suite asserts a cut of them.

#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]

#[path = "../tests/street/mod.rs"]
mod street;

use std::{hint::black_box, thread, time::Instant};

use chengjing_domain::photo::{Album, Fingerprint, Mark};
use image::DynamicImage;
use street::{Drawn, alter, seen};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PHOTOS: usize = 2_000;
const SIZE: (u32, u32) = (640, 480);
const MANY: usize = 100_000;

/// What was seen of one photograph, of what was made of it, and of its place on another day.
struct Shot {
    original: Fingerprint,
    altered: Vec<Fingerprint>,
    /// Of one in ten.
    again: Option<Fingerprint>,
}

fn shot(number: usize) -> Shot {
    let (seed, (width, height)) = (number as u64, SIZE);
    let photo = street::photo(seed, width, height);
    let altered = |(way, (_, alter)): (usize, &(&str, alter::Alter))| {
        seen(&alter(&photo, &mut Drawn(seed << 8 | way as u64)))
    };
    Shot {
        original: seen(&photo),
        altered: alter::WAYS.iter().enumerate().map(altered).collect(),
        again: number.is_multiple_of(10).then(|| seen(&street::again(seed, width, height))),
    }
}

fn shots(count: usize) -> Vec<Shot> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = count.div_ceil(threads);
    thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                scope.spawn(move || {
                    (part * share..count.min((part + 1) * share)).map(shot).collect::<Vec<_>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("it ends")).collect()
    })
}

fn album<'a>(fingerprints: impl Iterator<Item = &'a Fingerprint>) -> Album<usize> {
    let mut album = Album::new();
    fingerprints.enumerate().for_each(|(key, fingerprint)| album.add(key, fingerprint));
    album
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

/// Adds pictures that nobody took, each of spots of the real ones, until there are very many.
fn fill(album: &mut Album<usize>, shots: &[Shot]) {
    let mut drawn = Drawn(1);
    for key in shots.len()..MANY {
        let like = &shots[drawn.below(shots.len())].original;
        let marks: Vec<Mark> = (0..like.marks.len())
            .map(|_| {
                let marks = &shots[drawn.below(shots.len())].original.marks;
                marks[drawn.below(marks.len())]
            })
            .collect();
        album.add(key, &Fingerprint { marks, ..*like });
    }
}

fn main() {
    let count = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(PHOTOS);
    let shots = shots(count);
    let mut marks: Vec<usize> = shots.iter().map(|shot| shot.original.marks.len()).collect();
    marks.sort_unstable();
    let plain = shots.iter().filter(|shot| shot.original.plain()).count();
    println!(
        "{count} photographs: {} spots at the least, {} in the middle; {plain} too plain",
        marks[0],
        marks[count / 2]
    );
    let mut kept = album(shots.iter().map(|shot| &shot.original));
    println!("| | altered one is new, % | altered one is stored, % | fewest spots shared | |");
    for (way, (name, _)) in alter::WAYS.iter().enumerate() {
        let others = album(shots.iter().map(|shot| &shot.altered[way]));
        let (mut forth, mut back, mut others_flagged, mut fewest) = (0, 0, 0, usize::MAX);
        for (number, shot) in shots.iter().enumerate() {
            let twins = kept.twins(&shot.altered[way]);
            if let Some(twin) = twins.iter().find(|twin| twin.key == number) {
                forth += 1;
                fewest = fewest.min(twin.likeness.shared);
            }
            others_flagged += usize::from(twins.iter().any(|twin| twin.key != number));
            back += usize::from(others.twins(&shot.original).iter().any(|twin| twin.key == number));
        }
        println!(
            "| {name} | {:.2} | {:.2} | {fewest} | {:.2} % with an unrelated one |",
            percent(forth, count),
            percent(back, count),
            percent(others_flagged, count)
        );
    }
    let flagged = |album: &Album<usize>| {
        let stranger = |number: usize| move |key: usize| key != number;
        let with_strangers = shots.iter().enumerate().filter(|(number, shot)| {
            album.twins(&shot.original).iter().map(|twin| twin.key).any(stranger(*number))
        });
        percent(with_strangers.count(), count)
    };
    println!("unrelated photographs flagged: {:.3} % among {count}", flagged(&kept));
    let nearest = shots.iter().enumerate().filter_map(|(number, shot)| {
        kept.alike(&shot.original).into_iter().find(|twin| twin.key != number && twin.likeness.overlap >= 0.6)
    });
    let mut nearest: Vec<usize> = nearest.map(|twin| twin.likeness.shared).collect();
    nearest.sort_unstable();
    println!(
        "spots shared with the likest stranger, most of all: {:?}",
        nearest.iter().rev().take(10).collect::<Vec<_>>()
    );
    let again = || shots.iter().enumerate().filter_map(|(number, shot)| Some((number, shot.again.as_ref()?)));
    let flagged_again =
        again().filter(|(number, again)| kept.twins(again).iter().any(|twin| twin.key == *number)).count();
    println!("the same place on another day flagged: {:.1} %", percent(flagged_again, again().count()));
    fill(&mut kept, &shots);
    println!("unrelated photographs flagged: {:.3} % among {}", flagged(&kept), kept.len());
    let mut times: Vec<f64> = shots
        .iter()
        .take(500)
        .map(|shot| {
            let start = Instant::now();
            black_box(kept.twins(&shot.altered[0]));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "one against {}: {:.1} ms in the middle, {:.1} ms at the 99th percentile, {:.1} ms at the most",
        kept.len(),
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1]
    );
    let picture = DynamicImage::from(street::photo(0, SIZE.0, SIZE.1)).thumbnail(480, 480);
    let fastest = (0..50).map(|_| {
        let start = Instant::now();
        black_box(chengjing_reader::picture::fingerprint(&picture));
        start.elapsed().as_secs_f64() * 1e3
    });
    println!("a fingerprint of a decoded picture: {:.1} ms", fastest.fold(f64::INFINITY, f64::min));
}
