//! The built-in docx templates, written once: `cargo xtask update` puts them into `templates/`, where an office's own begin
//! as a copy of them.

use chengjing_domain::publication::Paper;
use docx_rs::{
    AlignmentType, BorderType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, SpecialIndentType, Table, TableCell,
    TableLayoutType, TableRow, VAlignType, WidthType,
};

use crate::{
    PressError,
    docx::{fonts, millimetres, pack, text},
};

/// A4 upright with the margins of GB/T 9704-2012 (天头 37, 订口 28, 右 26, 下 35 mm).
const PAGE: (u32, u32) = (millimetres(210.0), millimetres(297.0));
const TOP: u32 = millimetres(37.0);
const RIGHT: u32 = millimetres(26.0);
const BOTTOM: u32 = millimetres(35.0);
const LEFT: u32 = millimetres(28.0);
const WIDTH: u32 = PAGE.0 - LEFT - RIGHT;

/// 二号, 三号, 五号 in half points; 三号's width in twentieths of a point.
const TITLE: usize = 44;
const BODY: usize = 32;
const CELL: usize = 21;
const CHARACTER: i32 = 320;

const FANG: &str = "仿宋_GB2312";
const HEI: &str = "黑体";
const XIAO_BIAO_SONG: &str = "方正小标宋简体";

/// A built-in template as its docx.
///
/// # Errors
/// Where the document can't be packed.
pub fn docx_template(paper: Paper) -> Result<Vec<u8>, PressError> {
    let document = match paper {
        Paper::Letter => letter(page()),
        Paper::Bulletin => bulletin(page()),
    };
    let mut built = document.build();
    built.document = repeat_heads(&built.document);
    pack(built)
}

fn page() -> Docx {
    let number = Paragraph::new()
        .add_run(text("— ", "宋体", 28))
        .add_page_num(PageNum::new())
        .add_run(text(" —", "宋体", 28))
        .align(AlignmentType::Center);
    let margin = PageMargin::new()
        .top(TOP as i32)
        .right(RIGHT as i32)
        .bottom(BOTTOM as i32)
        .left(LEFT as i32)
        .header(720)
        .footer(720);
    Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin)
        .default_fonts(fonts(FANG))
        .footer(Footer::new().add_paragraph(number))
}

fn exact() -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(560)
}

fn title(words: &str) -> Paragraph {
    Paragraph::new()
        .add_run(text(words, XIAO_BIAO_SONG, TITLE))
        .align(AlignmentType::Center)
        .line_spacing(LineSpacing::new().before(200).after(300))
}

fn plain(words: &str) -> Paragraph {
    let indent = Some(SpecialIndentType::FirstLine(2 * CHARACTER));
    Paragraph::new().add_run(text(words, FANG, BODY)).indent(None, indent, None, None).line_spacing(exact())
}

fn heading(words: &str) -> Paragraph {
    let indent = Some(SpecialIndentType::FirstLine(2 * CHARACTER));
    Paragraph::new()
        .add_run(text(words, HEI, BODY))
        .indent(None, indent, None, None)
        .line_spacing(exact())
        .outline_lvl(0)
        .keep_next(true)
}

/// A line without indent: parties, signatures, what templates remove.
fn flush(words: &str) -> Paragraph {
    Paragraph::new().add_run(text(words, FANG, BODY)).line_spacing(exact())
}

/// (heading, width, what stands in each row, whether it stands in the middle).
type Column = (&'static str, u32, &'static str, bool);

/// A table whose one row is repeated for the items of a list.
fn table(list: &str, columns: &[Column]) -> Table {
    let total: u32 = columns.iter().map(|(_, width, ..)| width).sum();
    let widths: Vec<usize> = columns.iter().map(|(_, width, ..)| (width * WIDTH / total) as usize).collect();
    let cell = |words: &str, font: &str, width: usize, centred: bool| {
        let align = if centred { AlignmentType::Center } else { AlignmentType::Left };
        let spacing = LineSpacing::new().line_rule(LineSpacingType::AtLeast).line(320);
        let paragraph = Paragraph::new().add_run(text(words, font, CELL)).align(align).line_spacing(spacing);
        TableCell::new()
            .add_paragraph(paragraph)
            .vertical_align(VAlignType::Center)
            .width(width, WidthType::Dxa)
    };
    let head = columns.iter().zip(&widths).map(|((words, ..), width)| cell(words, HEI, *width, true));
    let last = columns.len().saturating_sub(1);
    let row = columns.iter().zip(&widths).enumerate().map(|(place, ((_, _, words, centred), width))| {
        let begin = if place == 0 { format!("{{{{#each {list}}}}}") } else { String::new() };
        let end = if place == last { "{{/each}}" } else { "" };
        cell(&format!("{begin}{words}{end}"), FANG, *width, *centred)
    });
    Table::new(vec![TableRow::new(head.collect()).cant_split(), TableRow::new(row.collect())])
        .set_grid(widths.clone())
        .layout(TableLayoutType::Fixed)
        .width(WIDTH as usize, WidthType::Dxa)
}

fn letter(page: Docx) -> Docx {
    let number = Paragraph::new()
        .add_run(text("编号：〔{{year}}〕第{{number}}号", FANG, BODY))
        .align(AlignmentType::Center)
        .line_spacing(exact());
    let side = |lines: [&str; 3]| {
        let mut cell = TableCell::new().width((WIDTH / 2) as usize, WidthType::Dxa);
        for line in lines {
            // They stand on one page, with the date below them.
            cell = cell.add_paragraph(flush(line).keep_next(true));
        }
        cell
    };
    let signatures = Table::without_borders(vec![TableRow::new(vec![
        side(["甲方（盖章）：{{office}}", "", "负责人（签字）："]),
        side(["乙方（盖章）：{{unit}}", "", "负责人（签字）："]),
    ])])
    .set_grid(vec![(WIDTH / 2) as usize; 2])
    .layout(TableLayoutType::Fixed)
    .width(WIDTH as usize, WidthType::Dxa);
    let date = Paragraph::new()
        .add_run(text("{{date}}", FANG, BODY))
        .align(AlignmentType::Right)
        .line_spacing(LineSpacing::new().before(400));
    page.add_paragraph(title("{{campaign}}目标责任书"))
        .add_paragraph(number)
        .add_paragraph(flush(""))
        .add_paragraph(flush("甲方：{{office}}"))
        .add_paragraph(flush("乙方：{{unit}}"))
        .add_paragraph(plain(
            "为全面落实{{campaign}}各项任务，明确责任、强化落实，甲方与乙方签订本责任书。",
        ))
        .add_paragraph(heading("一、责任任务"))
        .add_paragraph(plain(
            "乙方承担任务{{total}}项，其中牵头{{lead}}项、责任{{responsible}}项、配合{{support}}项，具体如下：",
        ))
        .add_table(table(
            "duties",
            &[
                ("序号", 12, "{{@number}}", true),
                ("工作任务", 32, "{{title}}", false),
                ("具体内容", 48, "{{text}}", false),
                ("目标值", 24, "{{targets}}", false),
                ("职责", 12, "{{role}}", true),
                ("完成时限", 26, "{{due}}", true),
            ],
        ))
        .add_paragraph(heading("二、工作要求"))
        .add_paragraph(plain(
            "（一）乙方主要负责人是第一责任人，对承担的任务负总责，明确分管负责人和联络员，逐项制定措施，按期完成。",
        ))
        .add_paragraph(plain(
            "（二）牵头任务由乙方统筹推进、汇总上报；配合任务按牵头单位的安排落实。",
        ))
        .add_paragraph(plain(
            "（三）乙方按规定上报进展和佐证材料，对其真实性负责；确有困难的，应当提前申请延期或者求助。",
        ))
        .add_paragraph(heading("三、考核奖惩"))
        .add_paragraph(plain(
            "（一）甲方按任务完成的时限和质量进行考核，考核结果定期通报，作为评先评优的重要依据。",
        ))
        .add_paragraph(plain(
            "（二）对成效突出的单位和个人，按有关规定予以表扬奖励。",
        ))
        .add_paragraph(plain(
            "（三）对逾期未完成、弄虚作假或者造成失分的，予以通报批评、约谈；情节严重的，按有关规定追究责任。",
        ))
        .add_paragraph(heading("四、其他"))
        .add_paragraph(plain("本责任书一式两份，甲乙双方各执一份，自签字之日起生效。"))
        .add_paragraph(flush(""))
        .add_table(signatures)
        .add_paragraph(date)
}

fn bulletin(page: Docx) -> Docx {
    let head = Paragraph::new()
        .add_run(text("{{campaign}}工作进度周报", XIAO_BIAO_SONG, TITLE).color("C00000"))
        .align(AlignmentType::Center)
        .line_spacing(LineSpacing::new().before(100).after(200));
    let number = Paragraph::new()
        .add_run(text("第{{number}}期", FANG, BODY))
        .align(AlignmentType::Center)
        .line_spacing(exact());
    let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom)
        .val(BorderType::Single)
        .size(18)
        .space(4)
        .color("C00000");
    let mut issued = Paragraph::new()
        .add_run(text("{{office}}　　　　{{as_of}}", FANG, BODY))
        .align(AlignmentType::Center)
        .line_spacing(LineSpacing::new().after(240));
    issued.property = issued.property.set_borders(ParagraphBorders::with_empty().set(rule));
    page.add_paragraph(head)
        .add_paragraph(number)
        .add_paragraph(issued)
        .add_paragraph(plain(
            "{{year}}年第{{week}}周（{{from}}至{{to}}）工作进度通报如下，数据截至{{as_of}}。",
        ))
        .add_paragraph(heading("一、总体进展"))
        .add_paragraph(plain(
            "全部任务{{total}}项，已确认办结{{confirmed}}项，办结率{{percent}}%；已上报待确认{{waiting}}项，逾期{{late}}项，定期任务逾期未办{{missed}}项。本周上报{{reported_in_week}}项、确认{{confirmed_in_week}}项、退回{{sent_back_in_week}}项，批准延期{{extended_in_week}}项。",
        ))
        .add_paragraph(heading("二、各单位进度"))
        .add_table(table(
            "units",
            &[
                ("名次", 12, "{{rank}}", true),
                ("单位", 34, "{{unit}}", false),
                ("任务", 13, "{{total}}", true),
                ("办结", 13, "{{confirmed}}", true),
                ("办结率", 16, "{{percent}}%", true),
                ("待确认", 16, "{{waiting}}", true),
                ("逾期", 13, "{{overdue}}", true),
                ("本周上报", 19, "{{reported_in_week}}", true),
                ("本周确认", 19, "{{confirmed_in_week}}", true),
                ("本周退回", 19, "{{sent_back_in_week}}", true),
            ],
        ))
        .add_paragraph(heading("三、逾期情况"))
        .add_paragraph(flush("{{#unless overdue}}"))
        .add_paragraph(plain("各单位没有逾期任务。"))
        .add_paragraph(flush("{{/unless}}"))
        .add_paragraph(flush("{{#if overdue_units}}"))
        .add_paragraph(plain(
            "有逾期任务的单位：{{#each overdue_units}}{{unit}}（{{overdue}}项）；{{/each}}请抓紧办理。",
        ))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(flush("{{#if late_tasks}}"))
        .add_table(table(
            "late_tasks",
            &[
                ("序号", 12, "{{@number}}", true),
                ("单位", 34, "{{unit}}", false),
                ("任务", 76, "{{task}}", false),
                ("时限", 22, "{{due}}", true),
                ("逾期天数", 20, "{{days_late}}", true),
            ],
        ))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(flush("{{#if late_more}}"))
        .add_paragraph(plain("另有{{late_more}}项逾期任务未列出。"))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(heading("四、退回整改"))
        .add_paragraph(flush("{{#unless sent_back_tasks}}"))
        .add_paragraph(plain("没有退回后尚未重新上报的任务。"))
        .add_paragraph(flush("{{/unless}}"))
        .add_paragraph(flush("{{#if sent_back_tasks}}"))
        .add_table(table(
            "sent_back_tasks",
            &[
                ("序号", 12, "{{@number}}", true),
                ("单位", 34, "{{unit}}", false),
                ("任务", 60, "{{task}}", false),
                ("退回原因", 58, "{{reason}}", false),
            ],
        ))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(flush("{{#if sent_back_more}}"))
        .add_paragraph(plain("另有{{sent_back_more}}项未列出。"))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(heading("五、指标达到"))
        .add_paragraph(flush("{{#unless reached_targets}}"))
        .add_paragraph(plain("本周没有新达到的指标。"))
        .add_paragraph(flush("{{/unless}}"))
        .add_paragraph(flush("{{#if reached_targets}}"))
        .add_table(table(
            "reached_targets",
            &[
                ("序号", 12, "{{@number}}", true),
                ("任务", 46, "{{task}}", false),
                ("指标要求", 44, "{{target}}", false),
                ("达到", 28, "{{value}}", false),
                ("填报单位", 34, "{{unit}}", false),
            ],
        ))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(heading("六、下周到期"))
        .add_paragraph(plain("下周（{{next_from}}至{{next_to}}）到期任务{{due_next}}项，请有关单位按时办理。"))
        .add_paragraph(flush("{{#if due_tasks}}"))
        .add_table(table(
            "due_tasks",
            &[
                ("序号", 12, "{{@number}}", true),
                ("单位", 34, "{{unit}}", false),
                ("任务", 88, "{{task}}", false),
                ("时限", 30, "{{due}}", true),
            ],
        ))
        .add_paragraph(flush("{{/if}}"))
        .add_paragraph(flush("{{#if due_more}}"))
        .add_paragraph(plain("另有{{due_more}}项未列出。"))
        .add_paragraph(flush("{{/if}}"))
}

/// Makes the heads of the tables stand on every page. The library has no word for it, so it is put in beside the
/// `cantSplit` of the rows that have it, which are the heads.
fn repeat_heads(document: &[u8]) -> Vec<u8> {
    const BEFORE: &str = "<w:cantSplit />";
    let text = String::from_utf8_lossy(document);
    text.replace(BEFORE, "<w:cantSplit /><w:tblHeader />").into_bytes()
}
