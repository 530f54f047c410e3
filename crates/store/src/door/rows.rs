//! What is asked for, read into what it is wanted as, from either engine.

use sea_orm::{
    DbErr, EntityTrait, FromQueryResult, QuerySelect, QueryTrait, Select, Statement, TryGetableMany,
    UpdateMany, sea_query::Query,
};
use serde::de::DeserializeOwned;

use super::Access;
use crate::error::StoreError;

impl Access {
    /// The rows of a statement as structs, whose fields stand in the order of its columns.
    pub(crate) async fn structs<T>(&self, statement: Statement) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + FromQueryResult,
    {
        self.rows(statement, |row| T::from_query_result(row, "")).await
    }

    /// The rows of a statement as tuples of its columns, or as one value where it has one.
    pub(crate) async fn tuples<T>(&self, statement: Statement) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany,
    {
        self.rows(statement, |row| T::try_get_many_by_index(row).map_err(DbErr::from)).await
    }

    /// As [`tuples`](Self::tuples), the first.
    pub(crate) async fn tuple<T>(&self, statement: Statement) -> Result<Option<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany,
    {
        Ok(self.tuples(statement).await?.into_iter().next())
    }
}

/// A query of SeaORM's, asked through the store's connection.
pub(crate) trait Fetch: Sized {
    type Model;

    async fn fetch_all(self, db: &Access) -> Result<Vec<Self::Model>, StoreError>;

    async fn fetch_one(self, db: &Access) -> Result<Option<Self::Model>, StoreError>;

    /// Of columns chosen with `select_only`: tuples of these, or single values.
    async fn fetch_tuples<T>(self, db: &Access) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany;

    async fn fetch_tuple<T>(self, db: &Access) -> Result<Option<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany;

    /// Of columns chosen with `select_only`, in the order of the struct's fields.
    async fn fetch_structs<T>(self, db: &Access) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + FromQueryResult;
}

impl<E> Fetch for Select<E>
where
    E: EntityTrait,
    E::Model: DeserializeOwned,
{
    type Model = E::Model;

    async fn fetch_all(self, db: &Access) -> Result<Vec<E::Model>, StoreError> {
        self.fetch_structs(db).await
    }

    async fn fetch_one(self, db: &Access) -> Result<Option<E::Model>, StoreError> {
        Ok(self.limit(1).fetch_structs(db).await?.pop())
    }

    async fn fetch_tuples<T>(self, db: &Access) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany,
    {
        db.tuples(self.build(db.backend())).await
    }

    async fn fetch_tuple<T>(self, db: &Access) -> Result<Option<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany,
    {
        db.tuple(self.limit(1).build(db.backend())).await
    }

    async fn fetch_structs<T>(self, db: &Access) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + FromQueryResult,
    {
        db.structs(self.build(db.backend())).await
    }
}

/// A change that SeaORM has built, made through the store's connection.
pub(crate) trait Execute: QueryTrait {
    /// Makes it and says how many rows it changed.
    async fn execute(self, db: &Access) -> Result<u64, StoreError>;
}

impl<Q: QueryTrait> Execute for Q {
    async fn execute(self, db: &Access) -> Result<u64, StoreError> {
        let statement = self.build(db.backend());
        // Not held while it runs: it need not be Send.
        drop(self);
        db.execute(statement).await
    }
}

/// A change that answers with what it left in the rows that it changed, in place of a question before it.
pub(crate) trait Returning<E: EntityTrait> {
    /// Makes it. The rows come in no particular order.
    async fn execute_returning<T>(
        self,
        columns: impl IntoIterator<Item = E::Column>,
        db: &Access,
    ) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany;
}

impl<E: EntityTrait> Returning<E> for UpdateMany<E> {
    async fn execute_returning<T>(
        mut self,
        columns: impl IntoIterator<Item = E::Column>,
        db: &Access,
    ) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + TryGetableMany,
    {
        QueryTrait::query(&mut self).returning(Query::returning().columns(columns));
        let statement = self.build(db.backend());
        drop(self);
        db.tuples(statement).await
    }
}
