//! Pictures: what a photograph says of itself, what it looks like, and a small copy of it. Decoded under limits, from the
//! header on.

mod marks;

use std::io::Cursor;

use chengjing_domain::{
    attachment::{Facts, MOST_PIXELS, MediaKind, NoThumbnail, Place, THUMBNAIL_SIDE},
    clock,
    photo::{Fingerprint, Traces},
};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use exif::{Exif, In, Rational, Tag, Value};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};
pub use marks::fingerprint;

/// Bytes that one decoded picture may take: [`MOST_PIXELS`] of three bytes, and room to turn them in.
const MOST_MEMORY: u64 = 400 << 20;

/// What was seen of a picture.
#[derive(Debug, Clone)]
pub struct Seen {
    pub facts: Facts,
    /// A JPEG whose longer side is [`THUMBNAIL_SIDE`] at most, the right way up.
    pub thumbnail: Result<Vec<u8>, NoThumbnail>,
    pub traces: Traces,
    /// None where there is no thumbnail.
    pub fingerprint: Option<Fingerprint>,
}

/// Looks at a picture. Whatever its bytes are, there is an answer.
pub fn look(kind: MediaKind, bytes: &[u8]) -> Seen {
    // Many programs leave small faults behind: what can be read of such a picture is taken, as every viewer does.
    let exif = exif::Reader::new().continue_on_error(true).read_from_container(&mut Cursor::new(bytes));
    let exif = exif.or_else(|error| error.distill_partial_result(drop)).ok();
    let orientation = exif.as_ref().and_then(orientation);
    let mut facts = exif.as_ref().map(facts).unwrap_or_default();
    let traces = exif.as_ref().map(traces).unwrap_or_default();
    match small(kind, bytes, orientation, &mut facts).and_then(|small| Ok((thumbnail(&small)?, small))) {
        Ok((thumbnail, small)) => {
            Seen { facts, traces, thumbnail: Ok(thumbnail), fingerprint: Some(fingerprint(&small)) }
        }
        Err(why) => Seen { facts, traces, thumbnail: Err(why), fingerprint: None },
    }
}

/// The picture without transparency, the right way up, at most as large as a thumbnail.
fn small(
    kind: MediaKind,
    bytes: &[u8],
    orientation: Option<Orientation>,
    facts: &mut Facts,
) -> Result<DynamicImage, NoThumbnail> {
    let format = match kind {
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Webp => ImageFormat::WebP,
        MediaKind::Gif => ImageFormat::Gif,
        _ => return Err(NoThumbnail::Undecoded),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The decoder's own look at the header must not reserve what the header asks for.
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| fault(&error))?;
    let (width, height) = decoder.dimensions();
    let turned = orientation.is_some_and(swaps_sides);
    facts.size = Some(if turned { (height, width) } else { (width, height) });
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(NoThumbnail::TooManyPixels);
    }
    let whole = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
    let mut small = if width.max(height) > THUMBNAIL_SIDE {
        whole.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    } else {
        whole
    };
    if let Some(orientation) = orientation {
        small.apply_orientation(orientation);
    }
    Ok(on_white(&small))
}

fn thumbnail(small: &DynamicImage) -> Result<Vec<u8>, NoThumbnail> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 80).encode_image(small).map_err(|_| NoThumbnail::Damaged)?;
    Ok(jpeg)
}

fn fault(error: &image::ImageError) -> NoThumbnail {
    match error {
        image::ImageError::Limits(_) => NoThumbnail::TooManyPixels,
        _ => NoThumbnail::Damaged,
    }
}

fn swaps_sides(orientation: Orientation) -> bool {
    use Orientation as O;
    matches!(orientation, O::Rotate90 | O::Rotate270 | O::Rotate90FlipH | O::Rotate270FlipH)
}

/// JPEG knows no transparency: what shows through is paper.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8().into();
    }
    let mut flat = image::RgbImage::new(picture.width(), picture.height());
    for (from, to) in picture.to_rgba8().pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over =
            |channel: u16| u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        to.0 = [over(red), over(green), over(blue)];
    }
    flat.into()
}

fn orientation(exif: &Exif) -> Option<Orientation> {
    let value = exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    Orientation::from_exif(u8::try_from(value).ok()?)
}

fn facts(exif: &Exif) -> Facts {
    Facts { size: None, taken_at: taken_at(exif), place: place(exif) }
}

/// What else a file's metadata give away of how it came to be.
fn traces(exif: &Exif) -> Traces {
    let said = |tag| {
        let text = String::from_utf8_lossy(ascii(exif, tag)?).into_owned();
        let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let device = match (said(Tag::Make), said(Tag::Model)) {
        // Many models begin with who makes them.
        (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => {
            Some(format!("{make} {model}"))
        }
        (make, model) => model.or(make),
    };
    // A zone beside the one moment and not beside the other: both are by the same clock.
    let zones = [Tag::OffsetTime, Tag::OffsetTimeOriginal];
    Traces { device, program: said(Tag::Software), changed_at: moment(exif, Tag::DateTime, &zones) }
}

/// The longest name of a device or a program that is kept, in characters.
const LONGEST_NAME: usize = 100;

fn taken_at(exif: &Exif) -> Option<DateTime<Utc>> {
    moment(exif, Tag::DateTimeOriginal, &[Tag::OffsetTimeOriginal])
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _ => None,
    }
}

/// EXIF 2.32, 4.6.5: `YYYY:MM:DD HH:MM:SS` by the camera's clock, and beside it, since 2.31, the zone: the first of these tags
/// that is there.
fn moment(exif: &Exif, tag: Tag, zones: &[Tag]) -> Option<DateTime<Utc>> {
    let mut moment = exif::DateTime::from_ascii(ascii(exif, tag)?).ok()?;
    if let Some(zone) = zones.iter().find_map(|zone| ascii(exif, *zone)) {
        moment.parse_offset(zone).ok();
    }
    let day = NaiveDate::from_ymd_opt(moment.year.into(), moment.month.into(), moment.day.into())?;
    let local = day.and_hms_opt(moment.hour.into(), moment.minute.into(), moment.second.into())?;
    let Some(minutes) = moment.offset else { return Some(clock::universal(local)) };
    let zone = FixedOffset::east_opt(i32::from(minutes) * 60)?;
    Some(local.and_local_timezone(zone).single()?.to_utc())
}

fn place(exif: &Exif) -> Option<Place> {
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    // What cameras write that have not found themselves yet.
    if latitude == 0 && longitude == 0 {
        return None;
    }
    Place::new(latitude, longitude)
}

/// Degrees, minutes and seconds as millionths of a degree; negative where the reference is `negative`.
fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: u8) -> Option<i32> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let part = |index: usize, divisor: i64| {
        let Rational { num, denom } = *parts.get(index)?;
        (denom != 0).then(|| i64::from(num) * 1_000_000 / (i64::from(denom) * divisor))
    };
    let sum = part(0, 1)? + part(1, 60)? + part(2, 3_600).unwrap_or(0);
    let Value::Ascii(letters) = &exif.get_field(reference, In::PRIMARY)?.value else { return None };
    let sign = if letters.first()?.first() == Some(&negative) { -1 } else { 1 };
    i32::try_from(sign * sum).ok()
}

#[cfg(test)]
mod tests {
    use exif::{Field, experimental::Writer};
    use image::{ImageEncoder, Rgb, RgbImage};
    use proptest::prelude::*;

    use super::*;

    /// A landscape whose left third is red and the rest blue.
    fn landscape(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(
            width,
            height,
            |x, _| if x < width / 3 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) },
        )
    }

    fn jpeg(fields: &[Field]) -> Vec<u8> {
        jpeg_changed(fields, |_| {})
    }

    fn jpeg_changed(fields: &[Field], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut writer = Writer::new();
        for field in fields {
            writer.push_field(field);
        }
        let mut exif = Cursor::new(Vec::new());
        if !fields.is_empty() {
            writer.write(&mut exif, false).expect("EXIF");
        }
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        if !fields.is_empty() {
            let mut exif = exif.into_inner();
            change(&mut exif);
            encoder.set_exif_metadata(exif).expect("EXIF");
        }
        encoder.encode_image(&landscape(1_200, 600)).expect("a JPEG");
        bytes
    }

    fn field(tag: Tag, value: Value) -> Field {
        Field { tag, ifd_num: In::PRIMARY, value }
    }

    fn ascii(text: &str) -> Value {
        Value::Ascii(vec![text.as_bytes().to_vec()])
    }

    fn thumb(seen: &Seen) -> RgbImage {
        let bytes = seen.thumbnail.as_ref().expect("a thumbnail");
        image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).expect("a JPEG").to_rgb8()
    }

    #[test]
    fn a_photograph_tells_when_and_where_and_stands_the_right_way_up() {
        let rational = |parts: [(u32, u32); 3]| {
            Value::Rational(parts.into_iter().map(|(num, denom)| Rational { num, denom }).collect())
        };
        let fields = [
            field(Tag::Orientation, Value::Short(vec![6])),
            field(Tag::DateTimeOriginal, ascii("2026:03:01 08:30:00")),
            field(Tag::GPSLatitudeRef, ascii("N")),
            field(Tag::GPSLatitude, rational([(30, 1), (30, 1), (3_600, 100)])),
            field(Tag::GPSLongitudeRef, ascii("W")),
            field(Tag::GPSLongitude, rational([(104, 1), (6, 1), (0, 1)])),
        ];
        let seen = look(MediaKind::Jpeg, &jpeg(&fields));
        assert_eq!(seen.facts.size, Some((600, 1_200)), "turned by a quarter");
        let taken = seen.facts.taken_at.expect("a moment").to_rfc3339();
        assert_eq!(taken, "2026-03-01T00:30:00+00:00", "a camera without a zone is in China");
        assert_eq!(seen.facts.place, Place::new(30_510_000, -104_100_000));
        let small = thumb(&seen);
        assert_eq!(small.dimensions(), (240, 480));
        let (top, foot) = (small.get_pixel(120, 40).0, small.get_pixel(120, 400).0);
        assert!(top[0] > 150 && top[2] < 90 && foot[2] > 150, "{top:?} {foot:?}: what was left is above");
        let zoned = [
            field(Tag::DateTimeOriginal, ascii("2026:03:01 08:30:00")),
            field(Tag::OffsetTimeOriginal, ascii("+00:00")),
        ];
        let taken = look(MediaKind::Jpeg, &jpeg(&zoned)).facts.taken_at.expect("a moment").to_rfc3339();
        assert_eq!(taken, "2026-03-01T08:30:00+00:00");
    }

    #[test]
    fn what_a_file_gives_away_of_its_making_is_read_by_the_camera_s_clock() {
        let fields = [
            field(Tag::Make, ascii("HUAWEI")),
            field(Tag::Model, ascii("HUAWEI P60 ")),
            field(Tag::Software, ascii("Adobe Photoshop 25.1\u{1}")),
            field(Tag::DateTime, ascii("2026:03:01 09:30:00")),
            field(Tag::DateTimeOriginal, ascii("2026:03:01 08:30:00")),
            field(Tag::OffsetTimeOriginal, ascii("+00:00")),
        ];
        let seen = look(MediaKind::Jpeg, &jpeg(&fields));
        assert_eq!(seen.traces.device.as_deref(), Some("HUAWEI P60"));
        assert_eq!(seen.traces.program.as_deref(), Some("Adobe Photoshop 25.1"));
        let apart = seen.traces.changed_at.expect("changed") - seen.facts.taken_at.expect("taken");
        assert_eq!(apart.num_minutes(), 60, "both by the one zone that is named");
        let other = look(
            MediaKind::Jpeg,
            &jpeg(&[field(Tag::Make, ascii("Xiaomi")), field(Tag::Model, ascii("14"))]),
        );
        assert_eq!(other.traces.device.as_deref(), Some("Xiaomi 14"));
        assert_eq!(look(MediaKind::Jpeg, &jpeg(&[])).traces, Traces::default());
    }

    #[test]
    fn a_small_fault_in_what_a_file_says_of_itself_hides_nothing_of_the_rest() {
        let fields = [
            field(Tag::Software, ascii("Adobe Photoshop 25.1")),
            field(Tag::DateTimeOriginal, ascii("2024:03:01 08:30:00")),
        ];
        // Where the next directory should begin there is nothing, as some programs leave it.
        let bytes = jpeg_changed(&fields, |exif| {
            let first = u32::from_be_bytes(exif[4..8].try_into().expect("four bytes")) as usize;
            let entries = usize::from(u16::from_be_bytes([exif[first], exif[first + 1]]));
            let next = first + 2 + 12 * entries;
            exif[next..next + 4].copy_from_slice(&[0, 0xff, 0xff, 0xf0]);
        });
        let strict = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes));
        assert!(strict.is_err(), "it is a fault");
        let seen = look(MediaKind::Jpeg, &bytes);
        assert_eq!(seen.traces.program.as_deref(), Some("Adobe Photoshop 25.1"));
        assert!(seen.facts.taken_at.is_some());
    }

    #[test]
    fn every_format_gives_a_thumbnail_and_what_shows_through_is_white() {
        let picture = DynamicImage::from(landscape(700, 500));
        for (kind, format) in [
            (MediaKind::Png, ImageFormat::Png),
            (MediaKind::Webp, ImageFormat::WebP),
            (MediaKind::Gif, ImageFormat::Gif),
            (MediaKind::Jpeg, ImageFormat::Jpeg),
        ] {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).expect("encoded");
            let seen = look(kind, bytes.get_ref());
            assert_eq!(
                (seen.facts.size, thumb(&seen).dimensions()),
                (Some((700, 500)), (480, 343)),
                "{kind:?}"
            );
        }
        let clear = image::RgbaImage::new(20, 10);
        let mut bytes = Cursor::new(Vec::new());
        clear.write_to(&mut bytes, ImageFormat::Png).expect("encoded");
        let small = thumb(&look(MediaKind::Png, bytes.get_ref()));
        assert_eq!(
            (small.dimensions(), small.get_pixel(5, 5).0),
            ((20, 10), [255, 255, 255]),
            "a small one stays small"
        );
    }

    /// A PNG whose header promises `side`² pixels and which has none.
    fn promising(side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        image::codecs::png::PngEncoder::new(&mut bytes)
            .write_image(&[0; 3], 1, 1, image::ExtendedColorType::Rgb8)
            .expect("a PNG");
        bytes[16..20].copy_from_slice(&side.to_be_bytes());
        bytes[20..24].copy_from_slice(&side.to_be_bytes());
        // The header's checksum, by the polynomial of PNG's specification, annex D.
        let crc = !bytes[12..29].iter().fold(!0_u32, |mut crc, byte| {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
            }
            crc
        });
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    #[test]
    fn a_gigapixel_is_refused_by_its_header_and_no_bytes_make_it_fail() {
        let seen = look(MediaKind::Png, &promising(40_000));
        assert_eq!(
            (seen.facts.size, seen.thumbnail),
            (Some((40_000, 40_000)), Err(NoThumbnail::TooManyPixels))
        );
        let seen = look(MediaKind::Png, &promising(5_000));
        assert_eq!(seen.thumbnail, Err(NoThumbnail::Damaged), "promised and not kept");
        let whole = jpeg(&[]);
        for cut in [0, 2, 20, 200, whole.len() / 2] {
            look(MediaKind::Jpeg, &whole[..cut]);
        }
        for kind in MediaKind::all() {
            look(kind, b"");
            look(kind, &[0xff; 300]);
        }
        assert_eq!(look(MediaKind::Heic, b"\0\0\0\x18ftypheic").thumbnail, Err(NoThumbnail::Undecoded));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// What a line, a card or a hand has spoilt is told to be so, or still shows something.
        #[test]
        fn a_picture_with_spoilt_bytes_makes_nothing_fail(
            which in 0..4_usize,
            spoilt in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let (kind, format) = [
                (MediaKind::Jpeg, ImageFormat::Jpeg),
                (MediaKind::Png, ImageFormat::Png),
                (MediaKind::Webp, ImageFormat::WebP),
                (MediaKind::Gif, ImageFormat::Gif),
            ][which];
            let mut bytes = Cursor::new(Vec::new());
            DynamicImage::from(landscape(24, 16)).write_to(&mut bytes, format).expect("encoded");
            let mut bytes = bytes.into_inner();
            for (at, byte) in spoilt {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Ok(thumbnail) = look(kind, &bytes).thumbnail {
                prop_assert!(thumbnail.starts_with(&[0xff, 0xd8, 0xff]));
            }
        }
    }
}
