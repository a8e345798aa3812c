/** Floor 5: libfuse through jnr: the session loop, the bridge, the errno table, mounting and announcing. */
@NullMarked
package dev.musicfs.fuse;

import org.jspecify.annotations.NullMarked;
