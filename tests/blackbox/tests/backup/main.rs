//! Everything as one file, and a box that runs by such a file: equal by row and by file, from a
//! database of an older schema too, whatever the power does; and what is no backup changes nothing.

mod archive;
mod cut;
mod refused;
mod returns;
mod school;
