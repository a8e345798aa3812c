/** Floor 3: the bytes of a file, wherever they are. */
@NullMarked
package dev.musicfs.content;

import org.jspecify.annotations.NullMarked;
