use std::{io::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Result;
use chengjing_domain::{
    clock,
    id::{CampaignId, StandardId},
    score::Scorecard,
    standard::Whole,
};
use chengjing_service::score::card::work_out;
use chrono::{DateTime, Utc};

use super::{
    standard::{Format, load, load_facts},
    user::told,
};
use crate::world::{Place, real_clock};

/// Score a campaign, or facts by a standard without any database
#[derive(Debug, clap::Args)]
#[command(after_help = "\
docs/STANDARDS.md says what the two files hold, with an example of every method. low counts what is unknown as \
nothing, high as all; value goes by the standard's own rules for what is known.

Ends with 0, or with 1 and a line a fault on standard error.")]
pub(crate) struct Score {
    #[arg(long, value_name = "FILE", requires = "facts", required_unless_present = "campaign")]
    standard: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "standard")]
    facts: Option<PathBuf>,
    /// A campaign of an installation, by what it is assessed by
    #[arg(long, value_name = "ID", conflicts_with_all = ["standard", "facts"])]
    campaign: Option<CampaignId>,
    /// Another one of its standards than the main one
    #[arg(long, value_name = "ID", requires = "campaign")]
    by: Option<StandardId>,
    /// As it was known at that moment: 2026-06-30T18:00:00+08:00
    #[arg(long, value_name = "TIME", requires = "campaign")]
    as_of: Option<DateTime<Utc>>,
    #[command(flatten)]
    place: Place,
    /// table is for people
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl Score {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        if let Some(campaign) = self.campaign {
            let app = self.place.open_existing(real_clock()).await?;
            let seen = work_out(&app, campaign, self.by, self.as_of).await;
            app.store.close().await;
            let seen = told(seen)?;
            return print(seen.whole(), &seen.card, self.format);
        }
        let (Some(standard), Some(facts)) = (&self.standard, &self.facts) else {
            return Ok(ExitCode::FAILURE);
        };
        let Some(whole) = load(standard)? else { return Ok(ExitCode::FAILURE) };
        let Some(facts) = load_facts(facts, &whole)? else { return Ok(ExitCode::FAILURE) };
        print(&whole, &Scorecard::of(&whole, &facts), self.format)
    }
}

fn print(whole: &Whole, card: &Scorecard, format: Format) -> Result<ExitCode> {
    let shown = match format {
        Format::Json => serde_json::to_string_pretty(card)? + "\n",
        Format::Table => table(whole, card),
    };
    std::io::stdout().write_all(shown.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn table(whole: &Whole, card: &Scorecard) -> String {
    let total = card.total;
    let mut text = format!(
        "{}  {} 版  截至 {}\n总分 {} / {}  (最低 {}，最高 {})\n",
        whole.standard.title,
        card.edition,
        clock::written(card.as_of),
        total.value,
        card.marks,
        total.low,
        total.high
    );
    for gate in &card.gates {
        let state = match gate.state {
            chengjing_domain::score::GateState::Held => "达到",
            chengjing_domain::score::GateState::Open => "未定",
            chengjing_domain::score::GateState::Missed => "未达到",
        };
        text.push_str(&format!("门槛  {}  {state}\n", gate.title));
    }
    for sanction in &card.sanctions {
        text.push_str(&format!("负面清单  {}\n", sanction.title));
    }
    let round = |marks: rust_decimal::Decimal| whole.standard.rounding.round(marks);
    for place in &card.places {
        let indent = "  ".repeat(place.depth + 1);
        text.push_str(&format!(
            "{indent}{}  {}  {} / {}  ({}–{})\n",
            place.code,
            place.title,
            round(place.value),
            place.marks,
            round(place.low),
            round(place.high)
        ));
    }
    text
}
