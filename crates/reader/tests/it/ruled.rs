//! Tables that are ruled on the pages of a pdf.

use std::fmt::Write as _;

use chengjing_domain::attachment::MediaKind;
use chengjing_reader::{Outcome, read_bytes, source::running_text};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// How a program draws a line from one point to another, in points; either is left of or above the other.
type Pen = fn((f32, f32), (f32, f32)) -> String;

const STROKED: Pen = |(x, y), (to, down)| format!("{x} {y} m {to} {down} l S\n");
/// A thin filled area, with a dot of its own where lines meet, as word processors do it.
const FILLED: Pen = |(x, y), (to, down)| {
    let (wide, high) = ((to - x).max(0.5), (y - down).max(0.5));
    format!("{x} {down} {wide} {high} re f {x} {y} 0.5 0.5 re f*\n")
};
/// In a unit of its own, upside down, and a little too short.
const SCALED: Pen = |(x, y), (to, down)| {
    let short = if x < to { (2.0, 0.0) } else { (0.0, 2.0) };
    let (x, to) = (x * 4.0 + short.0, to * 4.0 - short.0);
    let (y, down) = (3200.0 - y * 4.0 + short.1, 3200.0 - down * 4.0 - short.1);
    format!("q .25 0 0 -.25 0 800 cm 2 w {x} {y} m {to} {down} l h S Q\n")
};

/// A page and the height that it is filled down to.
struct Page {
    drawing: String,
    y: f32,
}

impl Page {
    fn new() -> Self {
        Self { drawing: String::new(), y: 780.0 }
    }

    fn text(&mut self, x: f32, y: f32, text: &str) {
        self.placed(&format!("1 0 0 1 {x} {y}"), 10, text);
    }

    fn placed(&mut self, matrix: &str, size: usize, text: &str) {
        let hex = text.encode_utf16().fold(String::new(), |hex, unit| hex + &format!("{unit:04x}"));
        writeln!(self.drawing, "BT /F1 {size} Tf {matrix} Tm <{hex}> Tj ET").unwrap();
    }

    /// A paragraph of one line.
    fn line(&mut self, text: &str) {
        self.y -= 16.0;
        self.text(60.0, self.y, text);
    }

    /// Rows of cells whose lines are apart by `/`; `^` goes on with the cell above, `<` with the one to the left.
    fn table(&mut self, pen: Pen, xs: &[f32], rows: &[&[&str]]) {
        self.y -= 8.0;
        for (number, row) in rows.iter().enumerate() {
            let lines = row.iter().map(|cell| cell.split('/').count()).max().unwrap_or(1);
            let (top, bottom) = (self.y, self.y - 14.0 * lines as f32 - 4.0);
            for (column, cell) in row.iter().enumerate() {
                let (left, right) = (xs[column], xs[column + 1]);
                if *cell != "^" {
                    self.drawing += &pen((left, top), (right, top));
                }
                if *cell != "<" {
                    self.drawing += &pen((left, top), (left, bottom));
                }
                if number + 1 == rows.len() {
                    self.drawing += &pen((left, bottom), (right, bottom));
                }
                if column + 1 == row.len() {
                    self.drawing += &pen((right, top), (right, bottom));
                }
                for (line, text) in
                    cell.split('/').enumerate().filter(|(_, text)| !matches!(*text, "^" | "<"))
                {
                    self.text(left + 5.0, top - 12.0 - 14.0 * line as f32, text);
                }
            }
            self.y = bottom;
        }
        self.y -= 4.0;
    }
}

fn pdf(pages: &[Page]) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let descendant = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "Song",
    });
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Song", "Encoding" => "UniGB-UCS2-H",
        "DescendantFonts" => vec![descendant.into()],
    });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = pages
        .iter()
        .map(|page| {
            let content = Stream::new(Dictionary::new(), page.drawing.clone().into_bytes());
            let content = document.add_object(content);
            document
                .add_object(dictionary! {
                    "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
                })
                .into()
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn read(pages: &[Page]) -> Outcome {
    read_bytes("a.pdf", &pdf(pages)).unwrap()
}

/// Title, units and deadline of each duty.
fn duties(outcome: &Outcome) -> Vec<String> {
    let plan = &outcome.reading.plans[0];
    plan.duties
        .iter()
        .map(|duty| {
            let units: Vec<&str> = duty.units.iter().map(|unit| unit.name.as_str()).collect();
            let due = duty.due.map(|due| due.to_string()).unwrap_or_default();
            format!("{} | {} | {due}", duty.title, units.join(" "))
        })
        .collect()
}

const XS: [f32; 5] = [60.0, 90.0, 250.0, 330.0, 420.0];
const HEADS: [&str; 4] = ["序号", "工作任务", "责任单位", "完成时限"];

#[test]
fn the_cells_of_a_ruled_table_stay_apart_and_their_lines_together() {
    let plain: &[&[&str]] = &[
        &HEADS,
        &["1", "清扫背街小巷和卫生死角，做到垃/圾日产日清", "县城管局", "2026年6月底/前"],
        &["2", "修补破损路面不少于12处", "县住房和城乡/建设局", "2026年9月底/前"],
        &["3", "更新公益广告", "县文明办/各镇", ""],
    ];
    let units = [
        "清扫背街小巷和卫生死角,做到垃圾日产日清 | 县城管局 | 2026-06",
        "修补破损路面不少于12处 | 县住房和城乡建设局 | 2026-09",
        "更新公益广告 | 县文明办 各镇 | ",
    ];
    let merged: &[&[&str]] = &[
        &["云溪县任务清单", "<", "<", "<"],
        &HEADS,
        &["1", "清扫背街小巷和卫生死角，做到垃/圾日产日清", "县城管局", "2026年6月底/前"],
        &["2", "修补破损路面", "^", "2026年9月底/前"],
        &["3", "更新公益广告", "^", "^"],
        &["4", "评选文明家庭", "县妇联", ""],
    ];
    let shared = [
        "清扫背街小巷和卫生死角,做到垃圾日产日清 | 县城管局 | 2026-06",
        "修补破损路面 | 县城管局 | 2026-09",
        "更新公益广告 | 县城管局 | 2026-09",
        "评选文明家庭 | 县妇联 | ",
    ];
    let cases: [(&[&[&str]], &[&str]); 2] = [(plain, &units), (merged, &shared)];
    for (rows, expected) in cases {
        for pen in [STROKED, FILLED, SCALED] {
            let mut page = Page::new();
            page.line("云溪县市容整治任务分解表");
            page.line("以下任务须按时完成。");
            page.table(pen, &XS, rows);
            page.line("附则：本表由县文明办负责解释。");
            let counted = running_text(MediaKind::Pdf, &pdf(std::slice::from_ref(&page))).unwrap();
            assert!(counted.contains("评选文明家庭") == (expected.len() == 4) && !counted.contains('〃'));
            let outcome = read(&[page]);
            assert_eq!(duties(&outcome), expected, "{}", outcome.cleaned);
            assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
            // The table stands between the paragraphs.
            let place = |text: &str| outcome.cleaned.find(text).unwrap();
            assert!(place("以下任务") < place("序号\t") && place("更新公益") < place("附则"));
        }
    }
}

#[test]
fn a_table_goes_on_over_pages_with_its_heads_its_merged_cells_and_a_row_that_a_page_breaks() {
    let mut first = Page::new();
    first.text(60.0, 800.0, "文明城市创建手册");
    first.line("云溪县市容整治任务分解表");
    first.table(
        STROKED,
        &XS,
        &[
            &HEADS,
            &["1", "清扫背街小巷", "县城管局", "2026年6月底/前"],
            &["2", "修补破损路面", "^", "2026年9月底/前"],
            &["3", "更新公益广告，每个广场和公园不/少于", "^", "2026年10月"],
        ],
    );
    first.text(290.0, 40.0, "— 1 —");
    let mut second = Page::new();
    second.text(60.0, 800.0, "文明城市创建手册");
    second.table(
        STROKED,
        &XS,
        &[
            &HEADS,
            &["", "30处", "", ""],
            &["4", "施划停车泊位", "^", "2026年11月"],
            &["5", "评选文明家庭", "", "2026年12月"],
        ],
    );
    second.text(290.0, 40.0, "— 2 —");
    let outcome = read(&[first, second]);
    assert_eq!(
        duties(&outcome),
        [
            "清扫背街小巷 | 县城管局 | 2026-06",
            "修补破损路面 | 县城管局 | 2026-09",
            "更新公益广告,每个广场和公园不少于30处 | 县城管局 | 2026-10",
            "施划停车泊位 | 县城管局 | 2026-11",
            "评选文明家庭 |  | 2026-12",
        ],
        "{}",
        outcome.cleaned
    );
    assert_eq!(outcome.cleaned.matches("序号").count(), 1, "{}", outcome.cleaned);
    assert_eq!(outcome.cleaned.matches("文明城市创建手册").count(), 2, "{}", outcome.cleaned);

    // The same columns below a caption of their own are another table; below a line that each page repeats they are not.
    let cases: [(&[&str], &[&str], usize); 6] = [
        (&[], &["附件2"], 2),
        (&["附件1", "2025年度重点任务分解表"], &["附件2", "2026年度重点任务分解表"], 2),
        (&["1月份"], &["2月份"], 2),
        (&["表 1"], &["表 2"], 2),
        (&["附件1", "第 3 页 共 9 页"], &["附件1", "第 4 页 共 9 页"], 1),
        (&["云溪县2026年度任务  3"], &["云溪县2026年度任务  4"], 1),
    ];
    for (above, next, tables) in cases {
        let page = |lines: &[&str], rows: &[&[&str]]| {
            let mut page = Page::new();
            lines.iter().for_each(|line| page.line(line));
            page.table(STROKED, &XS, rows);
            page
        };
        let first = page(above, &[&HEADS, &["1", "清扫背街小巷", "县城管局", "6月"]]);
        let second = page(next, &[&HEADS, &["1", "施划停车泊位", "县公安局", "7月"]]);
        let outcome = read(&[first, second]);
        assert_eq!(outcome.cleaned.matches("序号").count(), tables, "{}", outcome.cleaned);
    }
}

#[test]
fn the_boxes_of_numbers_beside_a_table_do_not_hide_it() {
    let mut page = Page::new();
    page.line("云溪县市容整治任务分解表");
    page.table(STROKED, &XS, &[&HEADS, &["1", "清扫背街小巷", "县城管局", "6月"]]);
    for row in 0..35_u8 {
        page.y = 40.0 + 24.0 * f32::from(row);
        page.table(STROKED, &[450.0, 464.0, 478.0, 492.0], &[&["", "", ""]]);
    }
    let outcome = read(&[page]);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    assert!(outcome.cleaned.contains("1\t清扫背街小巷\t县城管局"), "{}", outcome.cleaned);
}

#[test]
fn a_page_that_lies_on_its_side_is_read_as_if_it_stood_upright() {
    let page = || {
        let mut page = Page::new();
        page.line("云溪县市容整治任务分解表");
        page.table(
            FILLED,
            &XS,
            &[&HEADS, &["1", "清扫背街/小巷", "县城管局", "6月"], &["2", "修补路面", "^", "9月"]],
        );
        page
    };
    let upright = read(&[page()]);
    assert_eq!(duties(&upright), ["清扫背街 小巷 | 县城管局 | XXXX-06", "修补路面 | 县城管局 | XXXX-09"]);
    for matrix in ["0 1 -1 0 800 0", "0 -1 1 0 0 600"] {
        let mut page = page();
        page.drawing = format!("{matrix} cm {}", page.drawing);
        assert_eq!(read(&[page]).cleaned, upright.cleaned, "{matrix}");
    }
}

#[test]
fn a_watermark_over_a_table_leaves_its_cells_as_they_are() {
    let rows: &[&[&str]] = &[
        &HEADS,
        &["1", "清扫背街小巷/和卫生死角/做到日产日清", "县城管局", "6月"],
        &["2", "修补破损路面", "^", "9月"],
        &["3", "更新公益广告", "^", "^"],
    ];
    let page = |mark: &str| {
        let mut page = Page::new();
        page.line("云溪县市容整治任务分解表");
        page.drawing += mark;
        page.table(STROKED, &XS, rows);
        page
    };
    let plain = read(&[page("")]);
    let table = plain.cleaned.split_once("序号").unwrap().1;
    for (matrix, size) in [
        ("0.7071 0.7071 -0.7071 0.7071 100 660", 60),
        ("0.9 0.3 -0.3 0.9 100 690", 14),
        ("1 0 0 1 70 720", 72),
        ("1 0 0 1 240 690", 60),
    ] {
        for first in [true, false] {
            let mut mark = Page::new();
            mark.placed(matrix, size, "征求意见稿");
            let mut page = page(if first { &mark.drawing } else { "" });
            if !first {
                page.drawing += &mark.drawing;
            }
            let outcome = read(&[page]);
            let text = outcome.cleaned.replace('\n', "");
            assert_eq!(text.matches("征求意见稿").count(), 1, "{matrix}: {}", outcome.cleaned);
            assert!(outcome.cleaned.contains(table.trim_end()), "{matrix}: {}", outcome.cleaned);
            assert_eq!(duties(&outcome), duties(&plain), "{matrix}");
        }
    }
}

#[test]
fn text_that_is_turned_in_its_cell_is_read_as_it_runs() {
    let rows: &[&[&str]] = &[
        &["领域", "工作任务", "责任单位", "完成时限"],
        &["", "清扫背街小巷", "县城管局", "6月"],
        &["^", "修补破损路面", "县住建局", "9月"],
        &["^", "更新公益广告", "县文明办", "9月"],
    ];
    for (turned, from, step) in [("0 1 -1 0", 685.0, 12.0), ("0 -1 1 0", 730.0, -12.0)] {
        // In one string, character by character, and in two lines.
        let pieces: [&[(f32, f32, &str)]; 3] = [
            &[(0.0, 0.0, "重点领域")],
            &[(0.0, 0.0, "重"), (0.0, 1.0, "点"), (0.0, 2.2, "领"), (0.0, 3.2, "域")],
            &[(1.0, 0.0, "领域"), (0.0, 0.0, "重点")],
        ];
        for pieces in pieces {
            let mut page = Page::new();
            page.line("云溪县市容整治任务分解表");
            page.table(STROKED, &XS, rows);
            for (line, at, text) in pieces {
                // The second line is below the first as the text runs.
                page.placed(&format!("{turned} {} {}", 75.0 + line * step, from + at * step), 10, text);
            }
            let outcome = read(&[page]);
            assert!(outcome.cleaned.contains("重点领域\t清扫"), "{turned}: {}", outcome.cleaned);
        }
    }
}

#[test]
fn a_table_that_nothing_but_blanks_parts_is_told_of() {
    let mut page = Page::new();
    page.line("云溪县市容整治任务分解表");
    page.line("工作任务 责任单位 完成时限三栏请各单位逐项落实。");
    for row in [&HEADS, &["1", "清扫背街小巷", "县城管局", "6月"], &["2", "修补路面", "县住建局", "9月"]]
    {
        page.y -= 16.0;
        for (x, cell) in XS.iter().zip(row) {
            page.text(*x, page.y, cell);
        }
    }
    let outcome = read(&[page]);
    // Of many the first ones.
    let mut many = Page::new();
    for _ in 0..15 {
        many.line("序号 工作任务 责任单位 完成时限");
        many.line("序号 工作任务 责任单位 完成时间");
    }
    let told = read(&[many]).problems;
    assert_eq!(told.iter().filter(|problem| problem.zh().to_string().contains("没有读到框线")).count(), 20);
    let [problem] = &outcome.problems[..] else { panic!("{:?}", outcome.problems) };
    assert_eq!((problem.line, problem.column), (3, 1));
    assert!(
        problem.zh().to_string().contains("没有读到框线") && problem.en().to_string().contains("no rules")
    );
}

#[test]
fn frames_underlines_letterheads_charts_and_nonsense_leave_the_text_as_it_is() {
    let text = || {
        let mut page = Page::new();
        for line in [
            "云溪县整治方案",
            "一、重点任务",
            "1.清扫背街小巷。责任单位：县城管局",
            "2.修补路面。责任单位：县住建局",
        ] {
            page.line(line);
        }
        page
    };
    let plain = read(&[text()]);
    assert_eq!(duties(&plain).len(), 2);
    let boxed = |x: f32, y: f32, wide: f32, high: f32| format!("{x} {y} {wide} {high} re S\n");
    let bars =
        (0..5_u8).map(|bar| boxed(100.0 + 40.0 * f32::from(bar), 300.0, 20.0, 31.0 + 27.0 * f32::from(bar)));
    let hatching = (0..60_000)
        .fold(String::new(), |all, line| all + &format!("{line} 0 m {line} 700 l S 0 {line} 700 1 re f\n"));
    let drawings = [
        // Of the page, of a heading, of the text line by line, with a background behind it.
        boxed(40.0, 40.0, 500.0, 760.0) + &boxed(44.0, 44.0, 492.0, 752.0),
        boxed(50.0, 760.0, 300.0, 16.0) + ".9 g 50 744 300 16 re f 0 g\n",
        (0..4_u8).map(|line| boxed(50.0, 760.0 - 16.0 * f32::from(line), 300.0, 16.0)).collect(),
        // A letterhead's rules, and what is to be filled in.
        "1 0 0 RG 3 w 50 752 m 500 752 l S 1 w 50 748 m 500 748 l S 80 700 90 .5 re f 200 700 90 .5 re f\n".to_owned(),
        bars.collect::<String>() + "90 300 m 320 300 l 90 300 m 90 500 l S\n",
        // A grid without text, as of a map.
        (0..20_u8).map(|line| f32::from(line) * 20.0).fold(String::new(), |all, at| {
            all + &format!("50 {} m 430 {} l {} 50 m {} 430 l S\n", at + 50.0, at + 50.0, at + 50.0, at + 50.0)
        }),
        hatching,
        "h l S re re 1 re f* (a) 2 l b* B n W 1e38 1e38 1e38 1e38 re s 0 0 0 0 0 0 cm 0 0 m 1 1 l S 1e38 w y v c\n"
            .to_owned(),
        // Neither sides nor an end.
        "100 100 m ".to_owned() + &"1 0 l 0 1 l ".repeat(30_000),
    ];
    for drawing in drawings {
        let mut page = text();
        page.drawing.insert_str(0, &format!("q {drawing} Q\n"));
        let outcome = read(&[page]);
        assert_eq!(outcome.cleaned, plain.cleaned, "{}", drawing.get(..200).unwrap_or(&drawing));
        assert_eq!(outcome.problems, plain.problems);
    }
}
