/** Floor 2: what backends share that read files through this machine's kernel: names byte for byte, and what stat(2) says. */
@NullMarked
package dev.musicfs.origin.disk;

import org.jspecify.annotations.NullMarked;
