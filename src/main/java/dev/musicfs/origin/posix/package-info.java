/** Floor 2: what backends share that read through this machine's kernel: names byte for byte, and what stat(2) says. */
@NullMarked
package dev.musicfs.origin.posix;

import org.jspecify.annotations.NullMarked;
