//! Radicals in place of characters: copies from pdf show 人⺠政府 and 1⽉, since the font draws both alike.

use std::sync::LazyLock;

/// What each Kangxi radical from U+2F00 is a form of, by its compatibility decomposition.
static KANGXI: LazyLock<Vec<char>> = LazyLock::new(|| {
    "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳 \
     心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸 \
     缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音 \
     頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"
        .chars()
        .filter(|&c| c != ' ')
        .collect()
});

/// What each radical of the supplement from U+2E80 is a form of: the character, or its part where it is one of its own.
/// What is a form of none stands for itself.
static SUPPLEMENT: LazyLock<Vec<char>> = LazyLock::new(|| {
    "⺀厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尢巳幺彑彐忄㣺扌攵⺚旡日月歺母民氵氺灬爫爫丬牛犭王疋罒示礻竹糹纟罓罒㓁网羊羊羊羊耂肀聿 \
     月臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
        .chars()
        .filter(|&c| c != ' ')
        .collect()
});

/// The character that a radical stands for; every other character for itself.
pub(super) fn unified(c: char) -> char {
    let (from, forms) = match c {
        '\u{2e80}'..='\u{2ef3}' => (0x2e80, &SUPPLEMENT),
        '\u{2f00}'..='\u{2fd5}' => (0x2f00, &KANGXI),
        _ => return c,
    };
    forms.get(c as usize - from).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn a_radical_is_read_as_its_character() {
        for c in '\u{2f00}'..='\u{2fd5}' {
            assert_eq!(Some(unified(c)), c.nfkc().next(), "{c}");
        }
        for (radical, character) in
            "⺠民⺟母⻓长⻔门⻋车⻅见⻉贝⻚页⻛风⻜飞⻢马⻥鱼⻦鸟⻩黄⻬齐⻮齿⻰龙⻳龟⻘青⻄西⻁虎"
                .chars()
                .collect::<Vec<_>>()
                .chunks(2)
                .map(|pair| (pair[0], pair[1]))
        {
            assert_eq!(unified(radical), character);
        }
        assert_eq!(['人', '⺀'].map(unified), ['人', '⺀']);
        assert_eq!((KANGXI.len(), SUPPLEMENT.len()), (214, 116));
    }
}
