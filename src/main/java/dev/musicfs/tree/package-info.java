/** Floor 3: the namespace: what changes in it and when that is seen, and directories paged from the catalog. */
@NullMarked
package dev.musicfs.tree;

import org.jspecify.annotations.NullMarked;
