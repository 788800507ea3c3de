//! The `genkan` command; everything is in the library.

fn main() -> std::process::ExitCode {
    genkan::cli::main()
}
