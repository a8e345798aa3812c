package dev.musicfs.model;

/** The catalog's number of a file of the library (a track or a sidecar), positive. */
public record TrackId(long value) {}
