/** Floor 0: the nouns of MusicFS as immutable records. No I/O and no Vert.x in here. */
@NullMarked
package dev.musicfs.model;

import org.jspecify.annotations.NullMarked;
