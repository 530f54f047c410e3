//! Text of the web page around and inside the document: navigation, download notes, an editor's introduction, lists of
//! other articles. The words are what such pages say everywhere; no site is known by name.

use std::sync::LazyLock;

use super::{Note, Text, excerpt};
use crate::{
    chars::{CharSet, ends_sentence, is_blank, is_han},
    problem::ProblemKind,
    words::Words,
};

/// A short line that begins with one of these is furniture.
static LINE_STARTS: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "分享",
            "下载文档",
            "下载本文",
            "点击下载",
            "收藏",
            "举报",
            "打印",
            "关闭窗口",
            "上一篇",
            "下一篇",
            "相关文章",
            "相关推荐",
            "相关阅读",
            "相关文档",
            "推荐阅读",
            "推荐文章",
            "热门文章",
            "热门推荐",
            "猜你喜欢",
            "您可能关注",
            "你可能关注",
            "你可能喜欢",
            "您可能感兴趣",
            "查看更多",
            "展开全文",
            "推荐度",
            "展开",
            "收起",
            "返回顶部",
            "返回首页",
            "首页",
            "当前位置",
            "您的位置",
            "您现在的位置",
            "网站客服",
            "客服电话",
            "版权所有",
            "版权声明",
            "免责声明",
            "申明敬告",
            "Copyright",
            "©",
            "扫一扫",
            "关注微信",
            "浏览次数",
            "阅读次数",
            "点击数",
            "点击次数",
            "责任编辑:",
            "本文地址",
            "转载请注明",
            "文档介绍",
            "此文档下载",
            "温馨提示:",
            "我要投稿",
            "微信扫",
            "扫描全能王",
        ]
        .map(|word| (word, ())),
    )
});

/// Labels of a page's own particulars, in the first or last lines of a copy: 发布时间:…, 大小:….
const PARTICULARS: &[&str] = &[
    "时间",
    "发布时间",
    "发布日期",
    "更新时间",
    "来源",
    "信息来源",
    "文章来源",
    "作者",
    "编辑",
    "编辑整理",
    "字号",
    "字体",
    "浏览",
    "阅读",
    "点击",
    "ID",
    "大小",
    "页数",
    "格式",
    "上传者",
    "上传时间",
    "文档编号",
    "下载量",
    "评论",
    "人气",
    "标签",
    "主办",
    "承办",
    "技术支持",
    "网站标识码",
];

/// Words that only a page about the document says. One of them is enough.
static CHATTER: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "小编",
            "欢迎阅读",
            "供大家参考",
            "供大家分享",
            "供大家学习",
            "放心下载",
            "用户上传",
            "网站客服",
            "成功下载",
            "下载前请",
            "此文档",
            "本站不",
            "向本站",
            "本网页",
            "对大家有所帮助",
            "对您有所帮助",
            "对你有所帮助",
            "对您有帮助",
            "对你有帮助",
            "欢迎大家",
            "欢迎借鉴",
            "欢迎参考",
            "特地编辑",
            "下载后无此问题",
            "仅供您参考",
            "本文档由",
            "欢迎下载",
            "联系客服",
            "更多相关内容",
            "更多内容请",
            "希望能帮到",
            "请点击下载",
            "文档为doc",
            "转载请注明",
            "未经授权",
            "联系我们删除",
            "侵权请",
            "感谢您的阅读",
            "感谢阅读",
            "网友整理",
            "精选栏目",
            "整理的范文",
            "会员专享",
            "点击查看更多",
            "栏目精选",
            "下载原文",
            "扫码关注",
            "关注公众号",
            "长按识别",
        ]
        .map(|word| (word, ())),
    )
});

/// Headings behind which only other articles follow.
static OTHER_ARTICLES: LazyLock<Words<()>> = LazyLock::new(|| {
    Words::new(
        [
            "相关文章",
            "相关推荐",
            "相关阅读",
            "相关文档",
            "推荐阅读",
            "热门文章",
            "猜你喜欢",
            "可能关注的文档",
            "可能感兴趣",
            "相关范文",
            "大家还看了",
        ]
        .map(|word| (word, ())),
    )
});

/// Takes page text out.
pub(super) fn without_page_text(text: Text, notes: &mut Vec<Note>) -> (Text, bool) {
    let chars = &text.chars;
    let lines: Vec<(usize, usize)> = text.lines();
    let filled: Vec<usize> = (0..lines.len()).filter(|&i| !blank(&chars[lines[i].0..lines[i].1])).collect();
    let mut gone: Vec<(usize, usize)> = Vec::new();
    let mut others = false;
    // a page says once who runs it; where 主办:… stands again and again it says who does what
    let host = |&&i: &&usize| {
        let line = trimmed(&chars[lines[i].0..lines[i].1]);
        ["主办:", "承办:"].iter().any(|label| crate::chars::starts_at(line, 0, label))
    };
    let hosts = filled.iter().filter(host).take(3).count() == 3;
    for (place, &i) in filled.iter().enumerate() {
        let (start, end) = lines[i];
        let line = trimmed(&chars[start..end]);
        let outer = place < 14 || place + 10 >= filled.len();
        if others {
            if line.len() <= 45 && !line.iter().any(|&c| ends_sentence(c)) {
                gone.push((start, end));
                continue;
            }
            others = false;
        }
        if line.len() <= 40 && OTHER_ARTICLES.is_in(line) {
            others = place * 2 >= filled.len();
            gone.push((start, end));
            continue;
        }
        if furniture_line(line, outer) && !(hosts && host(&&i)) {
            gone.push((start, end));
        } else if CHATTER.is_in(line) {
            if line.len() < 400 && !has_marker(line) {
                gone.push((start, end));
            } else {
                sentences_with_chatter(chars, start, end, &mut gone);
            }
        }
    }
    let mut stray = stray_signs(chars);
    if gone.is_empty() && stray.is_empty() {
        return (text, false);
    }
    for &(start, end) in gone.iter().take(100) {
        notes.push(Note {
            origin: text.origin[start],
            kind: ProblemKind::PageText { text: excerpt(&chars[start..end]) },
        });
    }
    let changed = !gone.is_empty();
    stray.retain(|&(at, _)| {
        let after = gone.partition_point(|&(_, end)| end <= at);
        gone.get(after).is_none_or(|&(start, _)| start > at)
    });
    gone.extend(stray);
    gone.sort_unstable();
    (text.without(&gone), changed)
}

fn blank(line: &[char]) -> bool {
    line.iter().all(|c| c.is_whitespace())
}

fn trimmed(line: &[char]) -> &[char] {
    let (start, end) = crate::chars::trim(line, 0, line.len());
    &line[start..end]
}

fn has_marker(line: &[char]) -> bool {
    crate::chars::contains_any(line, &["责任单位:", "牵头单位:", "落实单位:"])
}

/// Is the whole line furniture? `outer`: among the first or last lines of the copy.
fn furniture_line(line: &[char], outer: bool) -> bool {
    if line.contains(&'\t') {
        return false;
    }
    if line.len() <= 60 && LINE_STARTS.at(line, 0).is_some() {
        // 收藏, 首页 … also begin sentences of a plan; those go on with a sentence
        return line.len() <= 24 || CHATTER.is_in(line) || line.iter().any(|&c| matches!(c, '©' | ':' | '|'));
    }
    if line.len() <= 60 && line.iter().filter(|&&c| matches!(c, '>' | '»' | '›')).count() >= 2 {
        return true;
    }
    if line.len() <= 120 && line.contains(&'I') && crate::chars::contains(line, "ICP备") {
        return true;
    }
    if !outer {
        return false;
    }
    let clock = line.windows(3).any(|w| w[0].is_ascii_digit() && w[1] == ':' && w[2].is_ascii_digit());
    let label = line
        .iter()
        .position(|&c| matches!(c, ':'))
        .filter(|&i| i <= 6)
        .map(|i| crate::chars::string(&crate::chars::squeezed(&line[..i])));
    if let Some(label) = label
        && PARTICULARS.contains(&label.as_str())
        && line.len() <= 60
    {
        let rest = &line[line.iter().position(|&c| matches!(c, ':')).map_or(0, |i| i + 1)..];
        // 时间:3月—5月 is the plan's own
        return label != "时间"
            || clock
            || crate::chars::contains_any(rest, &["分享", "投稿", "浏览", "来源", "作者"]);
    }
    // a number alone that is too long for an item's or a page's
    line.len() >= 6 && line.iter().all(char::is_ascii_digit)
}

/// In a line that holds much more than page text only the sentences go that say it.
fn sentences_with_chatter(chars: &[char], start: usize, end: usize, gone: &mut Vec<(usize, usize)>) {
    let mut at = start;
    let mut i = start;
    while i <= end {
        if i == end || ends_sentence(chars[i]) {
            let stop = (i + 1).min(end);
            if CHATTER.is_in(&chars[at..stop]) && stop - at < 300 {
                gone.push((at, stop));
            }
            at = stop;
        }
        i += 1;
    }
}

/// # 标题, ## 一、…: the sign of a heading at the beginning of its line.
fn heads_line(chars: &[char], at: usize) -> bool {
    // six levels at most
    let behind = chars[at..].iter().take(7).find(|&&c| c != '#');
    let signs = chars[..at].iter().rev().take(7).take_while(|&&c| c == '#').count();
    let begins = at == signs || signs < 7 && chars[at - signs - 1] == '\n';
    begins && behind.is_some_and(|&c| is_blank(c))
}

/// Single signs that copies show between two characters where nothing belongs: 大局的`高度, 发现的.问题.
fn stray_signs(chars: &[char]) -> Vec<(usize, usize)> {
    static STRAY: CharSet = CharSet::new("`´.#");
    (0..chars.len().saturating_sub(1))
        .filter(|&i| i > 0 || chars[i] == '#')
        .filter(|&i| STRAY.has(chars[i]))
        .filter(|&i| {
            matches!(chars[i], '`' | '´') && (is_han(chars[i + 1]) || is_han(chars[i - 1]))
                || chars[i] == '.' && chars[i - 1] == '的' && is_han(chars[i + 1])
                || chars[i] == '#' && heads_line(chars, i)
        })
        .filter(|&i| !is_blank(chars[i]))
        .map(|i| (i, i + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::text, *};

    #[test]
    fn page_furniture_is_taken_out() {
        for (given, expected) in [
            ("首页 > 范文 > 方案\n云溪县方案", "\n云溪县方案"),
            ("下面是小编整理的方案,供大家参考。\n一、目标", "\n一、目标"),
            ("时间:2021-01-02 08:03:37 方案 我要投稿\n甲", "\n甲"),
            ("甲的`高度,乙的.问题", "甲的高度,乙的问题"),
            ("一、时间:3月至5月", "一、时间:3月至5月"),
            ("时间:3月至5月", "时间:3月至5月"),
        ] {
            let found: String = without_page_text(text(given), &mut Vec::new()).0.chars.iter().collect();
            assert_eq!(found, expected, "{given}");
        }
    }
}
