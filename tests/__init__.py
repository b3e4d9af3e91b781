"""What the hotline must do, proven on real databases, a real Valkey and the real protocol."""
