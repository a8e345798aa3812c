/** Floor 2: the {@code Origin} port, through which every backend is seen. */
@NullMarked
package dev.musicfs.origin;

import org.jspecify.annotations.NullMarked;
