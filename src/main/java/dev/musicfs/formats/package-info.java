/**
 * Floor 2: audio bytes to tags and to where the audio lies, by parsers that are given bytes and say which they need next
 * ({@link dev.musicfs.formats.TagReader#step}, {@link dev.musicfs.formats.LayoutReader#step}).
 */
@NullMarked
package dev.musicfs.formats;

import org.jspecify.annotations.NullMarked;
