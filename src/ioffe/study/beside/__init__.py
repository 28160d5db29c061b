"""What studies know of devices beside their results: costs, contacts, stress, margins; one record each."""
