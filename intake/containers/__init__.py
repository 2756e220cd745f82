"""Files that hold files or mails: each kind has a module here, and comes out as what `model` names."""
