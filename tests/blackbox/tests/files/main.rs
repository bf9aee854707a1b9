//! Files of a meeting and of what students hand in, over real HTTP: how they come, in pieces or in a form, how they are served, and
//! what a full card, a power cut or a bad name does to them.

mod assignments;
mod full;
mod materials;
mod memory;
mod sent;
mod serving;
mod uploads;
