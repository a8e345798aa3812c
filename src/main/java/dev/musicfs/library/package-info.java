/** Floor 3: origins and tags to catalog: scan, watchers, reconciliation. */
@NullMarked
package dev.musicfs.library;

import org.jspecify.annotations.NullMarked;
