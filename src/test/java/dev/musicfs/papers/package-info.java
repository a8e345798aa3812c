/** What the pages for people say is so: their links, commands, keys, files and classes exist. */
@NullMarked
package dev.musicfs.papers;

import org.jspecify.annotations.NullMarked;
