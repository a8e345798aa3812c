/** Floor 3: the namespace: templates, names and directories paged from the catalog. */
@NullMarked
package dev.musicfs.tree;

import org.jspecify.annotations.NullMarked;
