/** Floor 2: the choice among the copies of a file: which is asked first, which next, and which beside a slow one. */
@NullMarked
package dev.musicfs.origin.replica;

import org.jspecify.annotations.NullMarked;
