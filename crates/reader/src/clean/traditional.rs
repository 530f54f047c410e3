//! Traditional to simplified characters, by the OpenCC tables that are compiled into the program.

use std::sync::OnceLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

use super::Text;
use crate::chars::CharSet;

/// Frequent characters that only a traditional text shows. The tables are loaded only where these turn up.
static TELL_TALE: CharSet = CharSet::new(
    "區創辦單責業務為這個們國學會實開關長門問間書車東發動對導應當組織經濟衛環綠與從來時點電話說讀寫認識證設訪談議護歷處據總標準領題類顯際隊階陽陰鄉鎮縣農築節範結給統級紀約續績網維緊練線終繼罰",
);

fn converter() -> Option<&'static OpenCC> {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    CONVERTER.get_or_init(|| OpenCC::from_config(BuiltinConfig::T2s).ok()).as_ref()
}

/// The text in simplified characters. Converted in pieces of at most a line, so that the words of the tables work;
/// where a piece changes its length (which the tables hardly know) it is converted character by character.
pub(super) fn simplified(mut text: Text) -> (Text, bool) {
    let shown = text.chars.iter().filter(|&&c| TELL_TALE.has(c)).count();
    if shown * 200 < text.chars.len() || shown == 0 {
        return (text, false);
    }
    let Some(converter) = converter() else { return (text, false) };
    for (start, end) in text.lines() {
        let mut at = start;
        while at < end {
            let stop = (at + 2000).min(end);
            let piece: String = text.chars[at..stop].iter().collect();
            let converted: Vec<char> = converter.convert(&piece).chars().collect();
            if converted.len() == stop - at {
                text.chars[at..stop].copy_from_slice(&converted);
            } else {
                for c in &mut text.chars[at..stop] {
                    let mut single = [0; 4];
                    let mut same = converter.convert(c.encode_utf8(&mut single)).chars().collect::<Vec<_>>();
                    if same.len() == 1 {
                        *c = same.remove(0);
                    }
                }
            }
            at = stop;
        }
    }
    (text, true)
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn traditional_characters_are_made_simplified() {
        for (given, expected) in [
            ("社區創建文明城市", "社区创建文明城市"),
            ("責任單位:縣衛生局", "责任单位:县卫生局"),
            ("乾淨整潔", "乾淨整潔"),
            ("后勤与干部", "后勤与干部"),
        ] {
            let found: String = simplified(text(given)).0.chars.iter().collect();
            assert_eq!(found, expected);
        }
    }
}
