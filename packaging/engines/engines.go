// Package engines has tests alone: real engines, as Debian packages them, run the plugin with the files of contrib/ as
// they stand, and what they store of it is compared with what the plugin printed.
package engines
