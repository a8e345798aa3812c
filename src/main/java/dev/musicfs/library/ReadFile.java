package dev.musicfs.library;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.TrackTags;
import java.util.Optional;

/**
 * What was read of an audio file.
 *
 * @param tags its tags
 * @param layout where its audio lies, when that was asked for and could be told
 */
public record ReadFile(TrackTags tags, Optional<AudioLayout> layout) {}
