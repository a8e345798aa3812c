/** Floor 3: which files of different origins are one track, and which of them is shown for it. */
@NullMarked
package dev.musicfs.tree.copies;

import org.jspecify.annotations.NullMarked;
