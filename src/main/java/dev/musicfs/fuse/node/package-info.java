/** Floor 5: the kernel's nodes, which are the tree's inode numbers: what it knows of, and its places in listings. */
@NullMarked
package dev.musicfs.fuse.node;

import org.jspecify.annotations.NullMarked;
