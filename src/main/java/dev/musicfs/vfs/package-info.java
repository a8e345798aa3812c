/** Floor 4: file system operations keyed by node, without any binding's types. */
@NullMarked
package dev.musicfs.vfs;

import org.jspecify.annotations.NullMarked;
