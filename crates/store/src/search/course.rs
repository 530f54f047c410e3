//! How a list is best searched: along the list or by the index.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chengjing_domain::id::{CampaignId, InitiativeId, UnitId};
use sea_orm::{Statement, Value};

use super::{Needle, own};
use crate::{door::Access, error::StoreError};

/// What is found so often in a sample of the texts, as large as the square root of all, soon fills a page.
const FREQUENT: u64 = 10;

/// Where a search begins. Where the two cost the same, both grow with the square root of the table only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Course {
    /// So many texts hold the words that walking the list until a page of it is full is soon over.
    Along,
    /// So few texts hold the words that those are the beginning: the ones that the index finds by `by`, of which those
    /// count whose grams hold `also` too. `also` is always empty on PostgreSQL.
    Index { by: Needle, also: Vec<String> },
}

/// The courses that words took: a search is asked for again with every page and for its count, and to choose costs as much as half a
/// page.
#[derive(Debug, Default)]
pub(crate) struct Courses {
    known: Mutex<HashMap<Needle, Chosen>>,
}

/// A course, how many texts there had been, and when.
type Chosen = (Course, u64, Instant);

impl Courses {
    /// A course that is no longer the best still finds the same; it takes longer. So it may be old, but not for long.
    const AGE: Duration = Duration::from_secs(10);
    const MOST: usize = 256;

    /// None where as many texts are new as it was chosen by.
    fn get(&self, needle: &Needle, newest: u64) -> Option<Course> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (course, then, since) = known.get(needle)?;
        (newest.abs_diff(*then) < root(newest) && since.elapsed() < Self::AGE).then(|| course.clone())
    }

    fn put(&self, needle: &Needle, newest: u64, course: &Course) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(needle.clone(), (course.clone(), newest, Instant::now()));
    }
}

/// So many texts are a sample.
fn root(newest: u64) -> u64 {
    newest.isqrt().max(10)
}

impl Course {
    /// For somebody who sees the duties of these units and initiatives only.
    pub(crate) async fn within(
        db: &Access,
        campaign: CampaignId,
        units: &[UnitId],
        led: &[InitiativeId],
        needle: &Needle,
    ) -> Result<Self, StoreError> {
        if own::are_few(db, campaign, units, led).await? {
            Ok(Self::Along)
        } else {
            Self::of(db, needle).await
        }
    }

    pub(crate) async fn of(db: &Access, needle: &Needle) -> Result<Self, StoreError> {
        // A write finds what it has indexed itself.
        db.index_now().await?;
        let newest = number(db, "SELECT max(docid) FROM search_text", vec![]).await?;
        let courses = &db.bells().courses;
        if let Some(course) = courses.get(needle, newest) {
            return Ok(course);
        }
        let course = if db.is_sqlite() && needle.has_beginnings() {
            Self::by_a_sample(db, needle, newest).await?
        } else {
            Self::by_the_index(db, needle, FREQUENT * root(newest)).await?
        };
        courses.put(needle, newest, &course);
        Ok(course)
    }

    async fn by_the_index(db: &Access, needle: &Needle, frequent: u64) -> Result<Self, StoreError> {
        let (probed, text) = if db.is_sqlite() {
            ("search_grams WHERE search_grams MATCH $1", needle.for_sqlite())
        } else {
            ("search_text WHERE grams @@ CAST($1 AS tsquery)", needle.for_postgres())
        };
        let probe = format!("SELECT count(*) FROM (SELECT 1 FROM {probed} LIMIT {frequent}) AS probed");
        Ok(if number(db, &probe, vec![text.into()]).await? == frequent {
            Self::Along
        } else {
            Self::Index { by: needle.clone(), also: Vec::new() }
        })
    }

    /// Where only the beginning of a gram is given, FTS5 gathers all texts of all that begin so before it gives the
    /// first: for a single character, a good part of the table. So some texts are asked instead how frequent each part
    /// is, and a frequent beginning is only looked for in what the other parts find. They lie evenly from the oldest to
    /// the newest, since what came last is often alike; each counts once, although edits leave gaps before some.
    async fn by_a_sample(db: &Access, needle: &Needle, newest: u64) -> Result<Self, StoreError> {
        let held = needle.held_by_grams();
        let one = |n: usize| format!("instr(grams, ${n}) > 0");
        let each = (1..=held.len()).map(|n| format!("coalesce(sum({}), 0)", one(n)));
        let each: Vec<String> = each.collect();
        let all: Vec<String> = (1..=held.len()).map(one).collect();
        let (size, last) = (held.len() + 1, held.len() + 2);
        let sql = format!(
            "SELECT json_array(coalesce(sum({}), 0), {}) FROM search_text WHERE docid IN ( \
             WITH RECURSIVE at(n, first) AS (SELECT 1, min(docid) FROM search_text \
             UNION ALL SELECT n + 1, first FROM at WHERE n < ${size}) \
             SELECT (SELECT docid FROM search_text WHERE docid >= first + n * (${last} - first) / ${size} \
             ORDER BY docid LIMIT 1) FROM at)",
            all.join(" AND "),
            each.join(", ")
        );
        let mut values: Vec<Value> = held.iter().map(|gram| gram.clone().into()).collect();
        values.extend([root(newest), newest].map(Value::from));
        let statement = Statement::from_sql_and_values(db.backend(), sql, values);
        let counts: Option<String> = db.tuple(statement).await?;
        let counts: Vec<u64> =
            counts.and_then(|counts| serde_json::from_str(&counts).ok()).unwrap_or_default();
        let Some((together, each)) = counts.split_first() else {
            return Ok(Self::Index { by: needle.clone(), also: Vec::new() });
        };
        if *together >= FREQUENT {
            return Ok(Self::Along);
        }
        let (by, left) = needle.without_frequent(each, FREQUENT);
        Ok(Self::Index { by, also: left.held_by_grams() })
    }
}

async fn number(db: &Access, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    Ok(db.tuple::<Option<i64>>(statement).await?.flatten().unwrap_or(0).unsigned_abs())
}
