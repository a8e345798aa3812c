package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;

/**
 * The layout of one version of a file.
 *
 * @param fileId the {@link FileRow}
 * @param version the version it was read from, not always the file's present one
 * @param layout the layout
 */
public record LayoutRow(long fileId, FileVersion version, AudioLayout layout) {}
