use chengjing_domain::{
    id::{EditionId, StandardId},
    standard::edition::LARGEST_FILE,
};
use chengjing_reader::standard::{File, LineFault, Read, faults, read_partly};

use super::{may_edit, shelf, visible};
use crate::{App, Caller, Refusal};

/// What is wrong with a text that is to become a draft's, each fault with its line; nothing is kept.
pub async fn check(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    id: EditionId,
    source: &str,
) -> Result<Vec<LineFault>, Refusal> {
    if source.len() as u64 > LARGEST_FILE {
        return Err(Refusal::TooLarge { limit: LARGEST_FILE });
    }
    let said = read_partly(source.as_bytes());
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let (kept, _) = visible(&q, &caller, standard, id).await?;
            may_edit(&caller, kept.owner)?;
            let (content, places, mut all) = match said {
                Ok(Read { file: File::Standard(content, places), faults, .. }) => (content, places, faults),
                Ok(Read { file: File::Catalogue(_), .. }) => {
                    let (zh, en) = ("缺少 tree，这不是测评体系".to_owned(), "tree is missing".to_owned());
                    return Ok(vec![LineFault { line: 1, path: String::new(), zh, en }]);
                }
                Err(faults) => return Ok(faults),
            };
            let (files, _) = shelf::taken_by(&q, kept.owner, &content).await?;
            all.extend(faults(&content, &places, &files, &[]));
            all.sort_by_key(|fault| fault.line);
            Ok(all)
        })
        .await
}
