//! The one shape of lists.

use chengjing_service::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    /// Give it as `after` to get the next page; null on the last.
    pub(crate) next: Option<String>,
}

impl<T> List<T> {
    pub(crate) fn whole(items: impl IntoIterator<Item = T>) -> Self {
        Self { items: items.into_iter().collect(), next: None }
    }

    pub(crate) fn from<D>(page: Page<D>, convert: impl FnMut(D) -> T) -> Self {
        Self {
            next: page.next.map(|cursor| cursor.to_string()),
            items: page.items.into_iter().map(convert).collect(),
        }
    }
}

/// Where a page begins and how long it is.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// `next` of the page before.
    pub(crate) after: Option<String>,
    /// 1 to 200; 50 where it is not given.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u16>,
}

impl Paging {
    pub(crate) fn read(&self) -> chengjing_service::Paging {
        chengjing_service::Paging {
            after: self.after.clone().map(Into::into),
            limit: u64::from(self.limit.unwrap_or(50).clamp(1, 200)),
        }
    }
}
