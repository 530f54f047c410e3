use chengjing_domain::{
    attachment::{AttachRefusal, AttachedTo, Attachment},
    id::{AttachmentId, CampaignId},
};
use chengjing_store::{Tx, attachment as store};

use crate::{Caller, Fault, Refusal};

/// Files that one act may bring.
pub const MOST: usize = 50;

/// Attaches what the caller uploaded to something of the same campaign, inside the write of the act that it proves;
/// that act's entry in the ledger takes up the changed attachments. Whether the caller may do anything to the subject is
/// the act's own question. All faults at once, each at its place in `attachments`.
pub async fn attach(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    ids: &[AttachmentId],
    subject: AttachedTo,
) -> Result<Vec<Attachment>, Refusal> {
    if ids.len() > MOST {
        let (zh, en) = (format!("一次最多附{MOST}个文件"), format!("at most {MOST} files at a time"));
        return Err(Refusal::invalid("attachments", zh, en));
    }
    let (mut attached, mut faults) = (Vec::new(), Vec::new());
    for (index, id) in ids.iter().enumerate() {
        if ids[..index].contains(id) {
            continue;
        }
        let found = store::lookup(tx, campaign, *id).await?;
        let outcome = match found.clone() {
            Some(found) => found.attach(caller.actor.user, subject),
            None => Err(AttachRefusal::NotTheirs),
        };
        match outcome {
            Ok(Some(changed)) => attached.push(changed),
            Ok(None) => {}
            Err(refusal) => {
                let (zh, en) = match refusal {
                    AttachRefusal::NotTheirs => ("没有这个附件，请重新上传", "there is no such attachment"),
                    AttachRefusal::AttachedElsewhere => {
                        ("这个附件已用于别处", "it is attached to something else")
                    }
                };
                faults.push(Fault::new(format!("attachments[{index}]"), zh, en));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let mut stored = Vec::with_capacity(attached.len());
    for changed in &attached {
        stored.push(store::save(tx, changed).await?);
    }
    Ok(stored)
}
