//! Photographs find their twins, whatever was done to them, and nothing else: a cut of what `cargo xtask bench photo` does with
//! all two thousand (`docs/PHOTOS.md`).

use chengjing_domain::photo::{Album, Fingerprint};
use image::RgbImage;

use crate::street::{self, Drawn, alter, seen};

const SIZE: (u32, u32) = (480, 360);
/// Photographs among which a twin is looked for; eight each are of one kind of place.
const ALL: u64 = 64;
/// One in so many of them is altered in each way.
const EVERY: usize = 5;

fn shot(number: u64) -> RgbImage {
    street::photo(number, SIZE.0, SIZE.1)
}

fn album<'a>(fingerprints: impl IntoIterator<Item = &'a Fingerprint>) -> Album<usize> {
    let mut album = Album::new();
    for (key, fingerprint) in fingerprints.into_iter().enumerate() {
        album.add(key, fingerprint);
    }
    album
}

#[test]
fn an_altered_photograph_finds_its_twin_and_no_unrelated_one_is_flagged() {
    let photos: Vec<RgbImage> = (0..ALL).map(shot).collect();
    let originals: Vec<Fingerprint> = photos.iter().map(seen).collect();
    let kept = album(&originals);
    assert_eq!(kept.len(), photos.len(), "no street is too plain");
    let flagged: Vec<(usize, usize)> = originals
        .iter()
        .enumerate()
        .flat_map(|(number, of)| kept.twins(of).into_iter().map(move |twin| (number, twin.key)))
        .filter(|(number, twin)| number != twin)
        .collect();
    assert!(flagged.len() * 200 <= photos.len(), "at most 0.5 % of unrelated ones: {flagged:?}");
    for (name, way) in alter::WAYS {
        let altered: Vec<(usize, Fingerprint)> = (0..photos.len())
            .step_by(EVERY)
            .map(|number| (number, seen(&way(&photos[number], &mut Drawn(number as u64)))))
            .collect();
        let others = album(altered.iter().map(|(_, fingerprint)| fingerprint));
        let (mut forth, mut back) = (0, 0);
        for (at, (number, fingerprint)) in altered.iter().enumerate() {
            forth += usize::from(kept.twins(fingerprint).iter().any(|twin| twin.key == *number));
            back += usize::from(others.twins(&originals[*number]).iter().any(|twin| twin.key == at));
        }
        let enough = |found: usize| found * 100 >= altered.len() * 95;
        assert!(enough(forth) && enough(back), "{name}: {forth} and {back} of {}", altered.len());
    }
}

#[test]
fn the_same_seed_makes_the_same_photograph_and_another_another() {
    let one = shot(5);
    assert_eq!(one, shot(5));
    assert_ne!(one, shot(6));
    assert_ne!(one, street::again(5, SIZE.0, SIZE.1));
}
