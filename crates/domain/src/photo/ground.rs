//! Points on the ground, by whichever datum they were told, and how far they are from each other.

use std::f64::consts::PI;

use rust_decimal::prelude::ToPrimitive;

use crate::{
    attachment::Place,
    evidence::{Datum, Located},
    observation::{self, Position},
};

/// A point in WGS-84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    latitude: f64,
    longitude: f64,
}

/// The Earth's mean radius, in metres.
const RADIUS: f64 = 6_371_008.8;

/// The ellipsoid by which GCJ-02 is reckoned (Krasovsky 1940): its larger half axis in metres, its eccentricity squared.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;

impl Ground {
    /// In degrees of a datum. GCJ-02 and BD-09 are turned back to within a metre; CGCS2000 differs from WGS-84 by centimetres.
    pub fn told(latitude: f64, longitude: f64, datum: Datum) -> Self {
        let (latitude, longitude) = match datum {
            Datum::Wgs84 | Datum::Cgcs2000 => (latitude, longitude),
            Datum::Gcj02 => from_gcj(latitude, longitude),
            Datum::Bd09 => {
                let (latitude, longitude) = from_bd(latitude, longitude);
                from_gcj(latitude, longitude)
            }
        };
        Self { latitude, longitude }
    }

    /// How far away another point is over the ground, in metres.
    pub fn metres_to(self, other: Self) -> f64 {
        let (here, there) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (up, along) = (there - here, (other.longitude - self.longitude).to_radians());
        let half = (up / 2.0).sin().powi(2) + here.cos() * there.cos() * (along / 2.0).sin().powi(2);
        2.0 * RADIUS * half.sqrt().min(1.0).asin()
    }
}

impl From<Located> for Ground {
    fn from(place: Located) -> Self {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        Self::told(degrees(place.latitude), degrees(place.longitude), place.datum)
    }
}

impl From<Place> for Ground {
    fn from(place: Place) -> Self {
        let (latitude, longitude) = (place.latitude(), place.longitude());
        Located { latitude, longitude, datum: Datum::Wgs84 }.into()
    }
}

impl From<Position> for Ground {
    fn from(position: Position) -> Self {
        let datum = match position.datum {
            observation::Datum::Wgs84 => Datum::Wgs84,
            observation::Datum::Cgcs2000 => Datum::Cgcs2000,
            observation::Datum::Gcj02 => Datum::Gcj02,
            observation::Datum::Bd09 => Datum::Bd09,
        };
        let degrees = |value: rust_decimal::Decimal| value.to_f64().unwrap_or(0.0);
        Self::told(degrees(position.latitude), degrees(position.longitude), datum)
    }
}

/// How far GCJ-02 moves a point of WGS-84, in degrees: as the maps that use it reckon it, and as it is written down by those
/// who found it out. Outside China it moves nothing.
fn moved(latitude: f64, longitude: f64) -> (f64, f64) {
    let in_china = (0.8293..=55.8271).contains(&latitude) && (72.004..=137.8347).contains(&longitude);
    if !in_china {
        return (0.0, 0.0);
    }
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let wave = |at: f64, strength: f64| strength * (at * PI).sin();
    let common = (wave(6.0 * x, 20.0) + wave(2.0 * x, 20.0)) * 2.0 / 3.0;
    let up = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (wave(y, 20.0) + wave(y / 3.0, 40.0)) * 2.0 / 3.0
        + (wave(y / 12.0, 160.0) + wave(y / 30.0, 320.0)) * 2.0 / 3.0;
    let along = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (wave(x, 20.0) + wave(x / 3.0, 40.0)) * 2.0 / 3.0
        + (wave(x / 12.0, 150.0) + wave(x / 30.0, 300.0)) * 2.0 / 3.0;
    let angle = latitude.to_radians();
    let flat = 1.0 - ECCENTRICITY * angle.sin().powi(2);
    let up = up.to_degrees() * flat * flat.sqrt() / (AXIS * (1.0 - ECCENTRICITY));
    let along = along.to_degrees() * flat.sqrt() / (AXIS * angle.cos());
    (up, along)
}

/// The point that GCJ-02 moved there: nearer by each turn, some millimetres after these.
fn from_gcj(latitude: f64, longitude: f64) -> (f64, f64) {
    let mut found = (latitude, longitude);
    for _ in 0..4 {
        let (up, along) = moved(found.0, found.1);
        found = (latitude - up, longitude - along);
    }
    found
}

/// BD-09 as GCJ-02.
fn from_bd(latitude: f64, longitude: f64) -> (f64, f64) {
    let (x, y) = (longitude - 0.0065, latitude - 0.006);
    let turns = PI * 3_000.0 / 180.0;
    let far = x.hypot(y) - 0.000_02 * (y * turns).sin();
    let angle = y.atan2(x) - 0.000_003 * (x * turns).cos();
    (far * angle.sin(), far * angle.cos())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_maps_of_phones_are_half_a_kilometre_off_and_are_turned_back() {
        // Points in both, as published with the reckoning: Shanghai, Shenzhen, Beijing.
        for (latitude, longitude, gcj_latitude, gcj_longitude) in [
            (31.177_427_6, 121.527_210_6, 31.175_303_983, 121.531_541_859),
            (22.543_847, 113.912_316, 22.540_796_131, 113.917_176_480),
            (39.911_954, 116.377_817, 39.913_345_455, 116.384_047_224),
        ] {
            let there = Ground::told(latitude, longitude, Datum::Wgs84);
            let on_a_phone = Ground::told(gcj_latitude, gcj_longitude, Datum::Gcj02);
            assert!(there.metres_to(on_a_phone) < 1.0, "{latitude}: {}", there.metres_to(on_a_phone));
            let misread = Ground::told(gcj_latitude, gcj_longitude, Datum::Cgcs2000);
            assert!((400.0..800.0).contains(&there.metres_to(misread)));
        }
        // Baidu's is told by another shift on top of that.
        let (gcj, baidu) = (
            Ground::told(39.915, 116.404, Datum::Gcj02),
            Ground::told(39.921_336_99, 116.410_368_67, Datum::Bd09),
        );
        assert!(gcj.metres_to(baidu) < 2.0, "{}", gcj.metres_to(baidu));
        let paris = (48.858_4, 2.294_5);
        assert_eq!(
            Ground::told(paris.0, paris.1, Datum::Gcj02),
            Ground::told(paris.0, paris.1, Datum::Wgs84)
        );
    }

    #[test]
    fn a_degree_of_a_meridian_is_a_hundred_and_eleven_kilometres() {
        let at = |latitude| Ground::told(latitude, 117.0, Datum::Wgs84);
        assert!((at(36.0).metres_to(at(37.0)) - 111_195.0).abs() < 1.0);
        let sites = [Position {
            longitude: "117.5".parse().expect("degrees"),
            latitude: "36.25".parse().expect("degrees"),
            datum: observation::Datum::Wgs84,
        }];
        let place = Place::new(36_250_000, 117_500_000).expect("on Earth");
        assert_eq!(Ground::from(sites[0]), Ground::from(place));
    }

    proptest! {
        #[test]
        fn distances_are_mutual_and_what_was_moved_comes_back(
            latitude in 18.0..53.0_f64,
            longitude in 74.0..134.0_f64,
            other in (18.0..53.0_f64, 74.0..134.0_f64),
        ) {
            let here = Ground::told(latitude, longitude, Datum::Wgs84);
            let there = Ground::told(other.0, other.1, Datum::Wgs84);
            prop_assert!((here.metres_to(there) - there.metres_to(here)).abs() < 0.01);
            prop_assert!(here.metres_to(here) < 0.01);
            let (up, along) = moved(latitude, longitude);
            let back = Ground::told(latitude + up, longitude + along, Datum::Gcj02);
            prop_assert!(here.metres_to(back) < 0.5, "{}", here.metres_to(back));
        }
    }
}
