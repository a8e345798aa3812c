/** Floor 2: audio bytes to tags. The only room that knows the tag library. */
@NullMarked
package dev.musicfs.formats;

import org.jspecify.annotations.NullMarked;
