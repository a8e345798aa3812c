/** Floor 2: what MusicFS knows about the library, in SQLite. The only room that knows SQL. */
@NullMarked
package dev.musicfs.catalog;

import org.jspecify.annotations.NullMarked;
