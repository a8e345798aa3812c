/** Floor 2: music on a web server, listed through WebDAV or a page that is an index, and read in ranges. */
@NullMarked
package dev.musicfs.origin.http;

import org.jspecify.annotations.NullMarked;
