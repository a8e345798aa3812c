/** Floor 2: shares of other machines that this machine's kernel has mounted, and which may hang any thread that asks. */
@NullMarked
package dev.musicfs.origin.mounted;

import org.jspecify.annotations.NullMarked;
