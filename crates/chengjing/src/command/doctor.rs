use std::process::ExitCode;

use anyhow::Result;
use chengjing_domain::{
    campaign::Campaign,
    ledger::Hash,
    publication::{Form, Paper},
};
use chengjing_store::{
    Paging, Store, StoreError, attachment, campaign,
    file::FileState,
    ledger, notice, plan,
    publication::template,
    recount::{Counters, Miscount},
};

use super::backup::{show, shown};
use crate::{
    assets,
    world::{Place, real_clock},
};

/// Look for what is wrong with an installation
#[derive(Debug, clap::Args)]
#[command(after_help = "Ends with 0 where all is well, else with 1 and a line for each fault.")]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Count anew what is counted as it is written, from the rows themselves
    #[arg(long)]
    rebuild: bool,
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<ExitCode> {
        let mut faults: Vec<String> = Vec::new();
        if !assets::are_there() {
            faults.push("the web app is not built into this program".to_owned());
        }
        let store = Store::open(&self.place.config_of_existing(real_clock())?).await?;
        let state = store.schema_state().await?;
        if state.pending > 0 {
            faults.push(format!("{} migrations are pending: run `chengjing migrate`", state.pending));
        } else {
            self.campaigns(&store, &mut faults).await?;
            if self.rebuild {
                let rebuild = |tx| async move { notice::rebuild_counts(&tx).await };
                store.write_unrecorded("unread notices are counted anew", rebuild).await?;
            } else {
                let wrong = store.read(|r| async move { notice::miscounts(&r).await }).await;
                tell_miscounts("notices", wrong, &mut faults);
            }
            let broken = ledger::verify_telling(&store, &mut show).await;
            shown();
            faults.extend(broken?.iter().map(ToString::to_string));
        }
        store.close().await;
        for fault in &faults {
            println!("{fault}");
        }
        if faults.is_empty() {
            println!("All is well.");
        }
        Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn campaigns(&self, store: &Store, faults: &mut Vec<String>) -> Result<()> {
        let mut paging = Paging::first(200);
        loop {
            let page = store.read(|r| async move { campaign::list(&r, None, &paging).await }).await?;
            for campaign in page.items {
                let id = campaign.id;
                for counters in Counters::ALL {
                    if self.rebuild {
                        let rebuild = move |tx| async move { counters.rebuild(&tx, id).await };
                        store.write_unrecorded("counters are rebuilt", rebuild).await?;
                    } else {
                        let wrong = store.read(|r| async move { counters.miscounts(&r, id).await }).await;
                        tell_miscounts(&campaign.name, wrong, faults);
                    }
                }
                if self.rebuild {
                    println!("{}: counted anew", campaign.name);
                }
                let mut of_campaign = Paging::first(200);
                loop {
                    let plans = store.read(|r| async move { plan::list(&r, id, &of_campaign).await }).await?;
                    for plan in plans.items {
                        let state = match plan.file.parse::<Hash>() {
                            Ok(hash) => store.files().check(hash).await?,
                            Err(_) => FileState::Missing,
                        };
                        if state != FileState::Sound {
                            faults
                                .push(format!("the file of {} ({}) is {state:?}", plan.name, campaign.name));
                        }
                    }
                    let Some(next) = plans.next else { break };
                    of_campaign = Paging::after(next, 200);
                }
                attachments(store, &campaign, faults).await?;
                templates(store, &campaign, faults).await?;
            }
            let Some(next) = page.next else { return Ok(()) };
            paging = Paging::after(next, 200);
        }
    }
}

/// What can't be counted is told and hides nothing else: the ledger names the row that can't be read.
fn tell_miscounts(of: &str, found: Result<Vec<Miscount>, StoreError>, faults: &mut Vec<String>) {
    /// A wrong rule miscounts everything; nobody reads thousands of lines.
    const TOLD: usize = 20;
    let wrong = match found {
        Ok(wrong) => wrong,
        Err(error) => {
            faults.push(format!("{of}: its counters can't be compared with the rows: {error}"));
            return;
        }
    };
    faults.extend(wrong.iter().take(TOLD).map(|one| format!("{of}: {one}")));
    let more = wrong.len().saturating_sub(TOLD);
    if more > 0 {
        faults.push(format!("{of}: {more} more counters are wrong"));
    }
    if !wrong.is_empty() {
        faults.push(format!("{of}: `chengjing doctor --rebuild` counts anew"));
    }
}

/// Whether the bytes of every version of a template are there and sound.
async fn templates(store: &Store, of: &Campaign, faults: &mut Vec<String>) -> Result<()> {
    let id = of.id;
    for paper in Paper::ALL {
        for form in Form::ALL {
            let mut paging = Paging::first(200);
            loop {
                let page =
                    store.read(|r| async move { template::list(&r, id, paper, form, &paging).await }).await?;
                for one in &page.items {
                    let state = store.files().check(one.hash).await?;
                    if state != FileState::Sound {
                        faults.push(format!("the file of {} ({}) is {state:?}", one.name, of.name));
                    }
                }
                let Some(next) = page.next else { break };
                paging = Paging::after(next, 200);
            }
        }
    }
    Ok(())
}

/// Whether every attachment's bytes, and its thumbnail's, are there and sound.
async fn attachments(store: &Store, of: &Campaign, faults: &mut Vec<String>) -> Result<()> {
    let (id, mut after) = (of.id, None);
    loop {
        let some = store.read(|r| async move { attachment::list_after(&r, id, after, 200).await }).await?;
        for one in &some {
            for hash in std::iter::once(one.hash).chain(one.picture.thumbnail()) {
                let state = store.files().check(hash).await?;
                if state != FileState::Sound {
                    faults.push(format!("the file of {} ({}) is {state:?}", one.name, of.name));
                }
            }
        }
        let Some(last) = some.last() else { return Ok(()) };
        after = Some(last.id);
    }
}
